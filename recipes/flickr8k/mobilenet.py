#!/usr/bin/env python3
"""Writes MobileNetV2 as TorchScript, up to the 7 x 7 x 320 values before its last convolution.

    mobilenet.py tf2_mobilenet_v2_1.0_224_ptq.tflite network.pt

The file that it reads is of https://github.com/google-coral/test_data (Apache-2.0). Its int8 weights become float32, its batch
normalisation is in them already. What is written takes pictures uint8 [B, 3, H, W] and gives float [B, 320, H / 32, W / 32].
Needs numpy and torch (Debian: python3-numpy, python3-torch), and nothing of TensorFlow.
"""
import struct
import sys

import numpy
import torch

# Numbers of the schema of TensorFlow Lite (tensorflow/lite/schema/schema.fbs).
ADD, CONV_2D, DEPTHWISE_CONV_2D = 0, 3, 4
SAME, RELU6 = 0, 3
DTYPES = {0: "<f4", 2: "<i4", 3: "u1", 9: "i1"}


class Table:
    """A table of a FlatBuffer: fields by their number in the schema."""

    def __init__(self, data, place):
        self.data, self.place = data, place
        self.offsets = place - struct.unpack_from("<i", data, place)[0]

    def field(self, number):
        """Where a field is, or None if it has its default."""
        offset = 4 + 2 * number
        if offset >= struct.unpack_from("<H", self.data, self.offsets)[0]:
            return None
        relative = struct.unpack_from("<H", self.data, self.offsets + offset)[0]
        return self.place + relative if relative else None

    def number(self, number, form, default=0):
        place = self.field(number)
        return default if place is None else struct.unpack_from("<" + form, self.data, place)[0]

    def behind(self, place):
        return place + struct.unpack_from("<I", self.data, place)[0]

    def table(self, number):
        place = self.field(number)
        return None if place is None else Table(self.data, self.behind(place))

    def array(self, number, dtype):
        place = self.field(number)
        if place is None:
            return numpy.zeros(0, dtype)
        begin = self.behind(place)
        count = struct.unpack_from("<I", self.data, begin)[0]
        return numpy.frombuffer(self.data, dtype, count, begin + 4)

    def tables(self, number):
        begin = self.behind(self.field(number))
        count = struct.unpack_from("<I", self.data, begin)[0]
        return [Table(self.data, self.behind(begin + 4 + 4 * i)) for i in range(count)]


class Network:
    """The tensors and operators of a file's first graph."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        if data[4:8] != b"TFL3":
            sys.exit(f"{path}: is no TensorFlow Lite file")
        model = Table(data, struct.unpack_from("<I", data, 0)[0])
        graph = model.tables(2)[0]
        self.buffers, self.tensors = model.tables(4), graph.tables(0)
        codes = [code.number(3, "i") or code.number(0, "b") for code in model.tables(1)]
        self.operators = [
            (codes[o.number(0, "I")], list(o.array(1, "<i4")), list(o.array(2, "<i4")), o.table(4))
            for o in graph.tables(3)
        ]

    def values(self, index):
        """A tensor's numbers; of quantised ones the real numbers that they stand for."""
        tensor = self.tensors[index]
        raw = self.buffers[tensor.number(2, "I")].array(0, "u1").tobytes()
        values = numpy.frombuffer(raw, DTYPES[tensor.number(1, "b")]).reshape(tensor.array(0, "<i4"))
        values = values.astype("float32")
        quantization = tensor.table(4)
        scale = quantization.array(2, "<f4") if quantization else []
        if len(scale) == 0:
            return torch.from_numpy(values)
        zero = quantization.array(3, "<i8").astype("float32")
        shape = [1] * values.ndim
        if len(scale) > 1:  # one for each channel
            shape[quantization.number(6, "i")] = -1
        return torch.from_numpy((values - zero.reshape(shape)) * scale.reshape(shape))


class Convolution(torch.nn.Module):
    """A convolution padded as TensorFlow does for an even size, where a stride of 2 pads behind alone."""

    def __init__(self, weight, bias, stride, groups, relu6):
        super().__init__()
        size = weight.shape[2]
        around = size // 2
        before = around if stride == 1 else 0
        self.padding = torch.nn.ZeroPad2d((before, around, before, around))
        self.convolution = torch.nn.Conv2d(weight.shape[1] * groups, weight.shape[0], size, stride, groups=groups)
        self.convolution.weight.data, self.convolution.bias.data = weight, bias
        self.relu6 = relu6

    def forward(self, x):
        x = self.convolution(self.padding(x))
        return x.clamp(0.0, 6.0) if self.relu6 else x


class Residual(torch.nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return x + self.block(x)


class OfPictures(torch.nn.Module):
    """Bytes become numbers from -1 to 1, as the network was trained with."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, pictures):
        return self.layers((pictures.float() - 127.0) / 127.5)


def convolution(network, code, inputs, options):
    weight, bias = network.values(inputs[1]), network.values(inputs[2])
    # TensorFlow: [outputs, height, width, inputs]; by channel [1, height, width, outputs].
    if code == CONV_2D:
        weight, groups, activation = weight.permute(0, 3, 1, 2), 1, options.number(3, "b")
    else:
        weight, activation = weight.permute(3, 0, 1, 2), options.number(4, "b")
        groups = weight.shape[0]
    assert options.number(0, "b") == SAME
    return Convolution(weight.contiguous(), bias, options.number(1, "i"), groups, activation == RELU6)


def layers_of(network):
    """The layers in their order, a block that something goes around as one."""
    layers, results = [], []  # results[i]: the tensor that layers[i] makes
    for code, inputs, outputs, options in network.operators:
        if code in (CONV_2D, DEPTHWISE_CONV_2D):
            layers.append(convolution(network, code, inputs, options))
        elif code == ADD:
            around = max(i for i, result in enumerate(results[:-1]) if result in inputs)
            layers = layers[: around + 1] + [Residual(torch.nn.Sequential(*layers[around + 1 :]))]
            results = results[: around + 1]
        else:
            continue  # in the beginning bytes are scaled, in the end classes are chosen
        results.append(outputs[0])
    return layers


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    layers = layers_of(Network(sys.argv[1]))
    # Behind these are the last convolution, to 1280, and the one that chooses a class.
    model = OfPictures(torch.nn.Sequential(*layers[:-2])).eval()
    with torch.no_grad():
        example = torch.zeros(1, 3, 224, 224, dtype=torch.uint8)
        torch.jit.trace(model, example).save(sys.argv[2])


if __name__ == "__main__":
    main()
