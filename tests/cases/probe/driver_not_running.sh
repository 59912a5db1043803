device 0000:00:1e.0 0x10de 0x1eb8 0x030200
library 580.65.06
program nvidia-smi <<'END'
echo "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running."
exit 9
END
