device 0000:00:1e.0 0x10de 0x1db1 0x030200
module 450.80.02 'x86_64 Kernel Module'
library 450.80.02
program nvidia-smi <<'END'
case $1 in *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;; esac
echo 'Tesla V100-SXM2-16GB, 16160, 450.80.02'
END
