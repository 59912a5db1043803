# A machine without anything of NVIDIA's; another maker's card is on the bus.
device 0000:00:02.0 0x8086 0x56c0 0x038000
