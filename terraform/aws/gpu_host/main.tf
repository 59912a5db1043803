locals {
  tags         = merge(var.tags, { Name = var.name })
  vpc_id       = one(concat(data.aws_subnet.chosen[*].vpc_id, data.aws_vpc.default[*].id))
  image        = var.image != null ? var.image : one(data.aws_ami.ubuntu[*].id)
  architecture = contains(data.aws_ec2_instance_type.machine.supported_architectures, "x86_64") ? "x86_64" : "arm64"
}

data "aws_ec2_instance_type" "machine" {
  region        = var.region
  instance_type = var.machine
}

data "aws_subnet" "chosen" {
  count  = var.subnet_id == null ? 0 : 1
  region = var.region
  id     = var.subnet_id
}

data "aws_vpc" "default" {
  count   = var.subnet_id == null ? 1 : 0
  region  = var.region
  default = true
}

data "aws_ami" "ubuntu" {
  count       = var.image == null ? 1 : 0
  region      = var.region
  most_recent = true
  owners      = ["099720109477"] # Canonical

  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-*-server-*"]
  }

  filter {
    name   = "architecture"
    values = [local.architecture]
  }

  filter {
    name   = "virtualization-type"
    values = ["hvm"]
  }
}

resource "aws_security_group" "machine" {
  region      = var.region
  name_prefix = "${var.name}-"
  description = "SSH from the given ranges to ${var.name}"
  vpc_id      = local.vpc_id
  tags        = local.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each          = toset(var.ssh_from)
  region            = var.region
  security_group_id = aws_security_group.machine.id
  description       = "SSH"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = strcontains(each.value, ":") ? each.value : null
  tags              = local.tags
}

# Packages, wheels, models and data come from anywhere.
resource "aws_vpc_security_group_egress_rule" "ipv4" {
  region            = var.region
  security_group_id = aws_security_group.machine.id
  description       = "Everything"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  tags              = local.tags
}

resource "aws_vpc_security_group_egress_rule" "ipv6" {
  region            = var.region
  security_group_id = aws_security_group.machine.id
  description       = "Everything"
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
  tags              = local.tags
}

resource "aws_instance" "machine" {
  count                  = var.machine_count
  region                 = var.region
  ami                    = local.image
  instance_type          = var.machine
  key_name               = var.key_name
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.machine.id]
  ebs_optimized          = true
  tags                   = merge(local.tags, { Name = "${var.name}-${count.index}" })

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    encrypted             = true
    volume_type           = "gp3"
    volume_size           = var.disk_gib
    delete_on_termination = true
    tags                  = merge(local.tags, { Name = "${var.name}-${count.index}" })
  }

  dynamic "instance_market_options" {
    for_each = var.spot ? [true] : []

    content {
      market_type = "spot"

      # A persistent request would start a new machine after this one was destroyed.
      spot_options {
        spot_instance_type             = "one-time"
        instance_interruption_behavior = "terminate"
      }
    }
  }

  # A newer image is for newer machines: it must not replace one that holds work.
  lifecycle {
    ignore_changes = [ami]
  }
}
