"""A slow cable, as not every kernel has netem: delay.py HERE THERE RTT_MS holds frames between two TAP devices back."""

import collections
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, TUNSETOFFLOAD, TUNSETVNETHDRSZ = 0x400454CA, 0x400454D0, 0x400454D8
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x0002, 0x1000, 0x4000
CHECKSUM_AND_WHOLE_SEGMENTS = 0x1 | 0x2 | 0x4


def tap(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
    fcntl.ioctl(device, TUNSETVNETHDRSZ, struct.pack("i", 10))
    fcntl.ioctl(device, TUNSETOFFLOAD, CHECKSUM_AND_WHOLE_SEGMENTS)
    return device


def take_in(device, to, due, queue):
    """Everything that waits at one end."""
    for _ in range(64):
        try:
            queue.append((due, to, os.read(device, 70000)))
        except BlockingIOError:
            return


def main(here, there, milliseconds):
    ends = [tap(here), tap(there)]
    other = dict(zip(ends, reversed(ends)))
    half = float(milliseconds) / 2000
    queue = collections.deque()  # the same delay both ways, so what comes first leaves first
    poller = select.epoll()
    for end in ends:
        poller.register(end, select.EPOLLIN)
    while True:
        wait = max(0.0, queue[0][0] - time.monotonic()) if queue else -1
        for device, _ in poller.poll(wait):
            take_in(device, other[device], time.monotonic() + half, queue)
        while queue and queue[0][0] <= time.monotonic():
            _, device, frame = queue.popleft()
            try:
                os.write(device, frame)
            except OSError:
                pass  # an end is down or full: the frame is lost, as on a wire


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError:
        sys.exit(0)  # the host is gone
