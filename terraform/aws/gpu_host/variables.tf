variable "name" {
  description = "Name of the machines and of what belongs to them: lower-case letters, digits and dashes."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,62}$", var.name))
    error_message = "The name takes up to 63 lower-case letters, digits and dashes, and begins with a letter or digit."
  }
}

variable "machine_count" {
  description = "How many machines there are."
  type        = number
  default     = 1

  validation {
    condition     = var.machine_count >= 1 && floor(var.machine_count) == var.machine_count
    error_message = "The count is a whole number, at least 1."
  }
}

variable "machine" {
  description = "Instance type, such as g6.xlarge."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.machine))
    error_message = "An instance type looks like g6.xlarge."
  }
}

variable "region" {
  description = "Region of the machines; null takes the provider's."
  type        = string
  default     = null
}

variable "subnet_id" {
  description = "Subnet of the machines; null takes the default network."
  type        = string
  default     = null
}

variable "image" {
  description = "Machine image; null takes Ubuntu 24.04 as it is when the machine is made. Name one to pin it."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("^ami-[0-9a-f]+$", var.image))
    error_message = "A machine image looks like ami-0123456789abcdef0."
  }
}

variable "user" {
  description = "Login name that the image comes with."
  type        = string
  default     = "ubuntu"
}

variable "key_name" {
  description = "Name of the EC2 key pair that may log in; null makes machines nobody can log in to with a key."
  type        = string
  default     = null
}

variable "ssh_from" {
  description = "Address ranges that may reach SSH; nothing else comes in."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for range in var.ssh_from : can(cidrhost(range, 0))])
    error_message = "An address range looks like 192.0.2.0/24 or 2001:db8::/32."
  }

  validation {
    condition     = alltrue([for range in var.ssh_from : !endswith(range, "/0")])
    error_message = "SSH must not be open to the whole internet."
  }
}

variable "disk_gib" {
  description = "Size of the encrypted root volume, in GiB."
  type        = number
  default     = 200

  validation {
    condition     = var.disk_gib >= 20 && var.disk_gib <= 16384
    error_message = "The root volume has 20 to 16384 GiB."
  }
}

variable "spot" {
  description = "Whether to use spare capacity, which is cheaper and may be taken away; the machine is then gone."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags on everything, besides Name."
  type        = map(string)
  default     = {}
}
