output "addresses" {
  description = "Address of each machine: public where it has one, else private."
  value       = [for machine in aws_instance.machine : coalesce(machine.public_ip, machine.private_ip)]
}

output "ids" {
  description = "Instance id of each machine."
  value       = aws_instance.machine[*].id
}

output "user" {
  description = "Login name on the machines."
  value       = var.user
}

output "security_group_id" {
  description = "The security group around the machines."
  value       = aws_security_group.machine.id
}
