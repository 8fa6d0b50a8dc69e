#!/usr/bin/env bash
# Debian's az against the simulated Azure, over HTTPS: every operation that a plan uses, with az's own
# waits for what it asked for.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

az=$(dpkg -L azure-cli 2>/dev/null | grep -x '.*/bin/az' || true)
[[ -n $az && -x $az ]] || not_run "Debian's azure-cli is not installed"
export AZURE_CONFIG_DIR=$scratch/azure AZURE_CORE_COLLECT_TELEMETRY=false AZURE_CORE_NO_COLOR=true
export AZURE_CORE_ONLY_SHOW_ERRORS=true AZURE_CORE_DISABLE_CONFIRM_PROMPT=true
"$az" version --query '"azure-cli"' --output tsv | sed 's/^/az /'
az=("$az")
tsv=(--output tsv)
group=(--resource-group "$AZURE_RESOURCE_GROUP")
base=$ARM_ENDPOINT

step "cloud register" "${az[@]}" cloud register --name Simulated \
  --endpoint-resource-manager "$base" --endpoint-management "$base" \
  --endpoint-active-directory "$base/adfs" --endpoint-active-directory-resource-id "$base" \
  --endpoint-active-directory-graph-resource-id "$base"
# Debian's az lacks the modules that its latest profile wants.
step "cloud set" "${az[@]}" cloud set --name Simulated --profile 2020-09-01-hybrid
step "login" "${az[@]}" login --service-principal --username "$AZURE_CLIENT_ID" \
  --password "$AZURE_CLIENT_SECRET" --tenant "$AZURE_TENANT_ID" --query '[0].id' "${tsv[@]}"
same "its subscription" "$AZURE_SUBSCRIPTION_ID" "$out"

step "vm list" "${az[@]}" vm list "${group[@]}" --query 'length(@)' "${tsv[@]}"
step "vm show" "${az[@]}" vm show "${group[@]}" --name wme-platform --show-details \
  --query '[location,powerState]' "${tsv[@]}"
location=$(head -n 1 <<<"$out")
same "the Platform runs" "VM running" "$(tail -n 1 <<<"$out")"
step "vm get-instance-view" "${az[@]}" vm get-instance-view "${group[@]}" --name wme-platform \
  --query 'instanceView.statuses[?starts_with(code, `PowerState/`)].code' "${tsv[@]}"
# Debian's az has no module for `az network nic` either; `az rest` sends what it would.
resources=/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers
nic=$resources/Microsoft.Network/networkInterfaces/wme-platform-nic-1
machine=$resources/Microsoft.Compute/virtualMachines/az-successor
rest() { rest=("${az[@]}" rest --resource "$base" --method "$1" --url "$base$2?api-version=$3"); }
rest get "$nic" 2022-07-01
step "rest get of the interface" "${rest[@]}" --query 'properties.provisioningState' "${tsv[@]}"
same "the interface" Succeeded "$out"
step "disk show" "${az[@]}" disk show "${group[@]}" --name wme-platform-wm-data --query id "${tsv[@]}"
data=$out

step "vm stop" "${az[@]}" vm stop "${group[@]}" --name wme-platform
step "vm start" "${az[@]}" vm start "${group[@]}" --name wme-platform
step "vm deallocate" "${az[@]}" vm deallocate "${group[@]}" --name wme-platform
step "vm show, deallocated" "${az[@]}" vm show "${group[@]}" --name wme-platform --show-details \
  --query powerState "${tsv[@]}"
same "the Platform is deallocated" "VM deallocated" "$out"
step "snapshot create" "${az[@]}" snapshot create "${group[@]}" --name az-wm-data --source "$data" \
  --incremental true --tags client=azure-cli --query '[id,provisioningState]' "${tsv[@]}"
snapshot=$(head -n 1 <<<"$out")
same "the snapshot is there when az returns" Succeeded "$(tail -n 1 <<<"$out")"
step "snapshot show" "${az[@]}" snapshot show "${group[@]}" --name az-wm-data --query tags.client \
  "${tsv[@]}"
step "snapshot list" "${az[@]}" snapshot list "${group[@]}" --query '[].name' "${tsv[@]}"
step "disk create from it" "${az[@]}" disk create "${group[@]}" --name az-wm-data-new \
  --source "$snapshot" --sku Premium_LRS --location "$location" --query '[id,provisioningState]' \
  "${tsv[@]}"
disk=$(head -n 1 <<<"$out")
same "the disk is there when az returns" Succeeded "$(tail -n 1 <<<"$out")"
step "snapshot create of the root disk" "${az[@]}" snapshot create "${group[@]}" --name az-root \
  --source "$("${az[@]}" vm show "${group[@]}" --name wme-platform \
    --query storageProfile.osDisk.managedDisk.id "${tsv[@]}")" --query id "${tsv[@]}"
step "disk create for a root" "${az[@]}" disk create "${group[@]}" --name az-root-new \
  --source "$out" --query id "${tsv[@]}"
root=$out
rest delete "$nic" 2022-07-01
refused "rest delete of an interface that is in use" NicInUse "${rest[@]}"
step "vm delete" "${az[@]}" vm delete "${group[@]}" --name wme-platform --yes
refused "vm show of what is gone" ResourceNotFound \
  "${az[@]}" vm show "${group[@]}" --name wme-platform
rest get "$nic" 2022-07-01
step "rest get of the interface: it has survived" "${rest[@]}" --query id "${tsv[@]}"
# `az vm create` deploys a template (Microsoft.Resources/deployments), which no plan does.
cat >"$scratch/machine.json" <<JSON
{"location": "$location", "properties": {
  "hardwareProfile": {"vmSize": "Standard_D8s_v3"},
  "storageProfile": {"osDisk": {"createOption": "Attach", "osType": "Linux",
                                "managedDisk": {"id": "$root"}}},
  "networkProfile": {"networkInterfaces": [{"id": "$nic", "properties": {"primary": true}}]}}}
JSON
rest put "$machine" 2020-06-01
step "rest put of a machine on the disks" "${rest[@]}" --body "@$scratch/machine.json"
step "vm wait --created" "${az[@]}" vm wait "${group[@]}" --name az-successor --created \
  --interval 1 --timeout 120
step "vm show, the successor" "${az[@]}" vm show "${group[@]}" --name az-successor --show-details \
  --query powerState "${tsv[@]}"
same "the successor runs" "VM running" "$out"
step "vm disk attach" "${az[@]}" vm disk attach "${group[@]}" --vm-name az-successor --name "$disk" \
  --lun 0
step "disk show, attached" "${az[@]}" disk show --ids "$disk" --query diskState "${tsv[@]}"
same "the disk is attached" Attached "$out"
step "vm disk detach" "${az[@]}" vm disk detach "${group[@]}" --vm-name az-successor \
  --name az-wm-data-new
step "tags" "${az[@]}" disk update "${group[@]}" --name az-wm-data-new --set tags.seen=yes
step "vm delete, the successor" "${az[@]}" vm delete "${group[@]}" --name az-successor --yes
step "disk delete" "${az[@]}" disk delete "${group[@]}" --name az-wm-data-new --yes
step "snapshot delete" "${az[@]}" snapshot delete "${group[@]}" --name az-wm-data
refused "snapshot show of what is gone" ResourceNotFound \
  "${az[@]}" snapshot show "${group[@]}" --name az-wm-data

ended
