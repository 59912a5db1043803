# Memory shared with the processor, a capability that nobody tells, quotes and control characters.
device 000f:01:00.0 0x10de 0x2e12 0x030000
module 580.95.05 'Open Kernel Module for aarch64'
program nvidia-smi <<'END'
printf 'NVIDIA "GB10"\t\\, [N/A], 580.95.05, [N/A], [N/A]\n'
END
