#pragma once
// Run-time choice of the processor's vector width.

// A function marked so is compiled once per instruction set and picked when the program starts: one
// program runs on any x86-64 and uses AVX-512 where there is some. It must be a macro because it is
// an attribute with a condition. Elsewhere, and under AddressSanitizer and ThreadSanitizer (whose
// shadow memory is not there yet when the choice is made), the function is compiled once, for the
// target.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WEFT_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WEFT_SANITIZED
#endif
#endif
#if defined(__x86_64__) && !defined(WEFT_SANITIZED) && \
    (defined(__clang__) ? __clang_major__ >= 18 : defined(__GNUC__))
#define WEFT_VECTOR_CLONES \
  __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define WEFT_VECTOR_CLONES
#endif
