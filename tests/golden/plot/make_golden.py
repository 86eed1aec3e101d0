#!/usr/bin/env python3
"""Writes events.tfevents beside itself: metrics.jsonl as TensorBoard's event files have it, by Google's protocol buffers and crcmod.

Needs Debian's python3-protobuf and python3-crcmod. The fields are those of tensorflow/core/util/event.proto and
tensorflow/core/framework/summary.proto, the records those of tensorflow/core/lib/io/record_writer.h.
"""

import json
import pathlib
import struct

import crcmod.predefined
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

HERE = pathlib.Path(__file__).parent
BEGIN = 1700000000.5  # seconds since 1970

Field = descriptor_pb2.FieldDescriptorProto


def message(file, name, *fields):
    made = file.message_type.add(name=name)
    for number, field, kind, type_name in fields:
        repeated = field == "value"
        made.field.add(name=field, number=number, type=kind, type_name=type_name,
                       label=Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL)


def event_class():
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorflow")
    message(file, "Value", (1, "tag", Field.TYPE_STRING, None), (2, "simple_value", Field.TYPE_FLOAT, None))
    message(file, "Summary", (1, "value", Field.TYPE_MESSAGE, ".tensorflow.Value"))
    message(file, "Event", (1, "wall_time", Field.TYPE_DOUBLE, None), (2, "step", Field.TYPE_INT64, None),
            (3, "file_version", Field.TYPE_STRING, None), (5, "summary", Field.TYPE_MESSAGE, ".tensorflow.Summary"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("tensorflow.Event"))


def masked(data):
    checksum = crcmod.predefined.mkPredefinedCrcFun("crc-32c")(data)
    return struct.pack("<I", ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(event):
    data = event.SerializeToString()
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def main():
    Event = event_class()
    file = record(Event(wall_time=BEGIN, file_version="brain.Event:2"))
    for line in map(json.loads, open(HERE / "metrics.jsonl")):
        kind = {"update": "train/", "validation": "validation/"}.get(line["event"])
        if kind is None:
            continue
        event = Event(wall_time=BEGIN + line["seconds"], step=line["updates"])
        for key, value in line.items():
            if key in ("event", "updates", "epoch", "seconds", "stalled", "best", "alignment_shift") or isinstance(value, str):
                continue
            event.summary.value.add(tag=kind + key, simple_value=float("nan") if value is None else value)
        file += record(event)
    (HERE / "events.tfevents").write_bytes(file)


main()
