#!/usr/bin/env python3
"""Prints the order that tests/corpus/batch_stream_test.cpp expects of eleven pairs of equal lengths in batches of one and
two windows: Black and Rogaway's permutation, and a Fisher-Yates shuffle of each window, on the 64-bit Mersenne Twister
and the seed sequence of the C++ standard, written from its text ([rand.eng.mers], [rand.util.seedseq])."""
M32 = 2**32 - 1
M64 = 2**64 - 1


def seed_sequence(values, n):
    b = [0x8B8B8B8B] * n
    s = len(values)
    t = 11 if n >= 623 else 7 if n >= 68 else 5 if n >= 39 else 3 if n >= 7 else (n - 1) // 2
    p = (n - t) // 2
    q = p + t
    m = max(s + 1, n)

    def mix(x):
        return x ^ (x >> 27)

    for k in range(m):
        r1 = 1664525 * mix(b[k % n] ^ b[(k + p) % n] ^ b[(k - 1) % n]) & M32
        r2 = r1 + (s if k == 0 else k % n + values[k - 1] if k <= s else k % n) & M32
        b[(k + p) % n] = b[(k + p) % n] + r1 & M32
        b[(k + q) % n] = b[(k + q) % n] + r2 & M32
        b[k % n] = r2
    for k in range(m, m + n):
        r3 = 1566083941 * mix(b[k % n] + b[(k + p) % n] + b[(k - 1) % n] & M32) & M32
        r4 = r3 - k % n & M32
        b[(k + p) % n] ^= r3
        b[(k + q) % n] ^= r4
        b[k % n] = r4
    return b


class MersenneTwister64:
    def __init__(self, seeds):
        words = seed_sequence(seeds, 624)
        self.x = [words[2 * i] | words[2 * i + 1] << 32 for i in range(312)]
        self.next = 312

    def __call__(self):
        if self.next == 312:
            for i in range(312):
                y = (self.x[i] & ~(2**31 - 1)) | (self.x[(i + 1) % 312] & (2**31 - 1))
                self.x[i] = self.x[(i + 156) % 312] ^ (y >> 1) ^ (0xB5026F5AA96619E9 if y & 1 else 0)
            self.next = 0
        z = self.x[self.next]
        self.next += 1
        z ^= (z >> 29) & 0x5555555555555555
        z ^= (z << 17) & 0x71D67FFFEDA60000 & M64
        z ^= (z << 37) & 0xFFF7EEE000000000 & M64
        return z ^ (z >> 43)


def shuffle(items, generator):
    for left in range(len(items), 1, -1):
        limit = M64 - M64 % left
        value = generator()
        while value >= limit:
            value = generator()
        items[left - 1], items[value % left] = items[value % left], items[left - 1]


def split_mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & M64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & M64
    return z ^ (z >> 31)


def permutation(size, generator, rounds=16):
    """Black and Rogaway's generalised Feistel cipher with cycle walking, as a list."""
    a = 1
    while a * a < size:
        a += 1
    b = -(-size // a)
    keys = [generator() for _ in range(rounds)]

    def encipher(value):
        half = [value % a, value // a]
        modulus = [a, b]
        for i, key in enumerate(keys):
            this, other = i % 2, 1 - i % 2
            mixed = split_mix(key + half[other] * 0x9E3779B97F4A7C15 & M64)
            half[this] = (half[this] + mixed) % modulus[this]
        return half[1] * a + half[0]

    order = []
    for value in range(size):
        value = encipher(value)
        while value >= size:
            value = encipher(value)
        order.append(value)
    return order


def words(*numbers):
    return [half for number in numbers for half in (number & M32, number >> 32)]


def main():
    seed, epoch, pairs = 5, 2, 11
    order = permutation(pairs, MersenneTwister64(words(seed, epoch)))
    trained = []
    for window, (begin, end) in enumerate([(0, 5), (5, 11)]):
        batches = order[begin:end]
        shuffle(batches, MersenneTwister64(words(seed, epoch, window)))
        trained += batches
    print(trained)


if __name__ == "__main__":
    main()
