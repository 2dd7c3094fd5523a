"""Holds the other end of a tunnel and lets nothing come of it: `tunnel.py tun0`, until it is killed."""

import fcntl
import os
import struct
import sys
from pathlib import Path

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x1, 0x1000

if __name__ == "__main__":
    end = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", sys.argv[1].encode(), IFF_TUN | IFF_NO_PI))
    Path("/run/lab/tunnel.up").touch()
    while os.read(end, 65536):
        pass
