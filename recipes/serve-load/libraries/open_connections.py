#!/usr/bin/env python3
"""open_connections.py PORT: of 64 connections that stay open, how many get an answer to their one request within a second."""
import select
import socket
import sys
import time

REQUEST = b"POST /translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
connections = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(64)]
for connection in connections:
    connection.sendall(REQUEST)
waiting, end = set(connections), time.monotonic() + 1
while waiting and (left := end - time.monotonic()) > 0:
    waiting -= set(select.select(list(waiting), [], [], left)[0])
print(64 - len(waiting))
