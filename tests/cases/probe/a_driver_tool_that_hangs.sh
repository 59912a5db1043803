patience=1
device 0000:00:1e.0 0x10de 0x1eb8 0x030200
module 570.124.06 'x86_64 Kernel Module'
program nvidia-smi <<'END'
trap '' TERM
sleep 20
END
