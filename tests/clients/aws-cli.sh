#!/usr/bin/env bash
# Debian's aws against the simulated EC2: every operation that a plan uses, with aws's own waiters.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

aws=$(dpkg -L awscli 2>/dev/null | grep -x '.*/bin/aws' || true)
[[ -n $aws && -x $aws ]] || not_run "Debian's awscli is not installed"
"$aws" --version
export AWS_PAGER='' AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null
export AWS_SHARED_CREDENTIALS_FILE=/dev/null
# Before 2.13 aws does not read AWS_ENDPOINT_URL_EC2.
ec2=("$aws" --endpoint-url "$AWS_ENDPOINT_URL_EC2" --output text ec2)

step "describe-network-interfaces" "${ec2[@]}" describe-network-interfaces \
  --filters Name=addresses.private-ip-address,Values=10.0.1.10 \
  --query 'NetworkInterfaces[0].[NetworkInterfaceId,Attachment.AttachmentId,Attachment.InstanceId]'
read -r interface attachment old <<<"$out"
step "describe-instances" "${ec2[@]}" describe-instances \
  --filters "Name=instance-id,Values=$old" Name=instance-state-name,Values=running \
  --query 'Reservations[].Instances[].InstanceId'
same "the Platform's instance" "$old" "$out"
step "describe-instances, in pages" "${ec2[@]}" describe-instances --page-size 5 \
  --query 'length(Reservations[].Instances[])'
step "describe-instance-status" "${ec2[@]}" describe-instance-status --include-all-instances \
  --instance-ids "$old" --query 'InstanceStatuses[0].InstanceStatus.Status'
step "describe-instances: where it is" "${ec2[@]}" describe-instances --instance-ids "$old" \
  --query 'Reservations[0].Instances[0].[Placement.AvailabilityZone,SubnetId]'
read -r zone subnet <<<"$out"
step "describe-volumes" "${ec2[@]}" describe-volumes --filters "Name=attachment.instance-id,Values=$old" \
  --query 'Volumes[?Attachments[0].Device!=`/dev/sda1`].VolumeId'
read -r data _ <<<"$out"
step "describe-images" "${ec2[@]}" describe-images --owners self --query 'Images[0].ImageId'
image=$out
step "describe-account-attributes" "${ec2[@]}" describe-account-attributes --query 'AccountAttributes[0]'
step "describe-vpcs" "${ec2[@]}" describe-vpcs --query 'Vpcs[0].VpcId'

refused "stop-instances --dry-run" DryRunOperation "${ec2[@]}" stop-instances --instance-ids "$old" --dry-run
step "modify-instance-attribute" "${ec2[@]}" modify-instance-attribute --instance-id "$old" \
  --block-device-mappings 'DeviceName=/dev/sdf,Ebs={DeleteOnTermination=false}'
step "create-snapshot" "${ec2[@]}" create-snapshot --volume-id "$data" --description 'a client' \
  --tag-specifications 'ResourceType=snapshot,Tags=[{Key=client,Value=aws-cli}]' \
  --query '[SnapshotId,State]'
read -r snapshot state <<<"$out"
same "create-snapshot answers a pending one" pending "$state"
step "create-snapshots" "${ec2[@]}" create-snapshots \
  --instance-specification "InstanceId=$old,ExcludeBootVolume=true" \
  --copy-tags-from-source volume --query 'Snapshots[].SnapshotId'
set_of_two=$out
step "wait snapshot-completed" "${ec2[@]}" wait snapshot-completed --snapshot-ids "$snapshot" $set_of_two
step "describe-snapshots" "${ec2[@]}" describe-snapshots --owner-ids self \
  --filters Name=tag:client,Values=aws-cli --query 'Snapshots[0].[SnapshotId,State,Progress]'
same "describe-snapshots" "$snapshot completed 100%" "$(tr '\t' ' ' <<<"$out")"

step "stop-instances" "${ec2[@]}" stop-instances --instance-ids "$old"
step "wait instance-stopped" "${ec2[@]}" wait instance-stopped --instance-ids "$old"
step "stop-instances, once more" "${ec2[@]}" stop-instances --instance-ids "$old" \
  --query 'StoppingInstances[0].CurrentState.Name'
same "it is stopped already" stopped "$out"
step "start-instances" "${ec2[@]}" start-instances --instance-ids "$old"
step "wait instance-running" "${ec2[@]}" wait instance-running --instance-ids "$old"
step "wait instance-status-ok" "${ec2[@]}" wait instance-status-ok --instance-ids "$old"
step "stop-instances, for good" "${ec2[@]}" stop-instances --instance-ids "$old"
step "wait instance-stopped, for good" "${ec2[@]}" wait instance-stopped --instance-ids "$old"
step "modify-network-interface-attribute" "${ec2[@]}" modify-network-interface-attribute \
  --network-interface-id "$interface" \
  --attachment "AttachmentId=$attachment,DeleteOnTermination=false"
step "detach-network-interface" "${ec2[@]}" detach-network-interface --attachment-id "$attachment"
step "wait network-interface-available" "${ec2[@]}" wait network-interface-available \
  --network-interface-ids "$interface"

launch=(run-instances --image-id "$image" --instance-type m5.2xlarge --count 1 --subnet-id "$subnet"
  --client-token aws-cli-test-1
  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=successor}]'
  --block-device-mappings 'DeviceName=/dev/sda1,Ebs={VolumeSize=60,DeleteOnTermination=true}'
  --query 'Instances[0].InstanceId')
step "run-instances" "${ec2[@]}" "${launch[@]}"
new=$out
step "run-instances, with the same token" "${ec2[@]}" "${launch[@]}"
same "the same token gives the same instance" "$new" "$out"
refused "run-instances, with the token of another request" IdempotentParameterMismatch \
  "${ec2[@]}" "${launch[@]}" --instance-type m5.large
step "wait instance-exists" "${ec2[@]}" wait instance-exists --instance-ids "$new"
step "wait instance-running, the new one" "${ec2[@]}" wait instance-running --instance-ids "$new"
step "attach-network-interface" "${ec2[@]}" attach-network-interface --network-interface-id "$interface" \
  --instance-id "$new" --device-index 1
step "create-volume" "${ec2[@]}" create-volume --availability-zone "$zone" --snapshot-id "$snapshot" \
  --volume-type gp3 --client-token aws-cli-test-2 \
  --tag-specifications 'ResourceType=volume,Tags=[{Key=client,Value=aws-cli}]' --query VolumeId
volume=$out
step "wait volume-available" "${ec2[@]}" wait volume-available --volume-ids "$volume"
step "attach-volume" "${ec2[@]}" attach-volume --volume-id "$volume" --instance-id "$new" --device /dev/sdh
step "wait volume-in-use" "${ec2[@]}" wait volume-in-use --volume-ids "$volume"
refused "attach-volume, once more" VolumeInUse \
  "${ec2[@]}" attach-volume --volume-id "$volume" --instance-id "$new" --device /dev/sdi
step "detach-volume" "${ec2[@]}" detach-volume --volume-id "$volume"
step "wait volume-available, once more" "${ec2[@]}" wait volume-available --volume-ids "$volume"
step "create-tags" "${ec2[@]}" create-tags --resources "$volume" "$new" --tags Key=seen,Value=yes
step "delete-tags" "${ec2[@]}" delete-tags --resources "$volume" --tags Key=seen
step "delete-volume" "${ec2[@]}" delete-volume --volume-id "$volume"
step "wait volume-deleted" "${ec2[@]}" wait volume-deleted --volume-ids "$volume"
step "delete-snapshot" "${ec2[@]}" delete-snapshot --snapshot-id "$snapshot"
refused "describe-snapshots of what is gone" InvalidSnapshot.NotFound \
  "${ec2[@]}" describe-snapshots --snapshot-ids "$snapshot"
step "terminate-instances" "${ec2[@]}" terminate-instances --instance-ids "$new"
step "wait instance-terminated" "${ec2[@]}" wait instance-terminated --instance-ids "$new"
refused "a wrong secret" AuthFailure env AWS_SECRET_ACCESS_KEY=wrong "${ec2[@]}" describe-vpcs

ended
