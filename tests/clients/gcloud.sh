#!/usr/bin/env bash
# gcloud against the simulated Compute Engine: every operation that a plan uses; gcloud waits for its
# operations itself. Debian has no package of it: it is tested where it is installed.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

command -v gcloud >/dev/null || not_run "gcloud is not installed, and Debian has no package of it"
export CLOUDSDK_CONFIG=$scratch/gcloud CLOUDSDK_CORE_DISABLE_PROMPTS=1
export CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK=true
export CLOUDSDK_SURVEY_DISABLE_PROMPTS=true CLOUDSDK_CORE_CHECK_GCE_METADATA=false
gcloud version 2>/dev/null | head -n 1
compute=(gcloud compute --quiet)
zone=$CLOUDSDK_COMPUTE_ZONE
region=$CLOUDSDK_COMPUTE_REGION

step "instances list" "${compute[@]}" instances list --format 'value(name)'
step "instances list, filtered" "${compute[@]}" instances list \
  --filter 'name=wme-platform' --format 'value(name,status)'
same "the Platform runs" "wme-platform RUNNING" "$(tr '\t' ' ' <<<"$out")"
step "instances describe" "${compute[@]}" instances describe wme-platform \
  --format 'value(networkInterfaces[0].networkIP,networkInterfaces[0].subnetwork.basename(),
    networkInterfaces[0].aliasIpRanges[0].ipCidrRange)'
read -r _ subnet alias <<<"$out"
step "disks describe" "${compute[@]}" disks describe wme-platform-wm-data \
  --format 'value(sizeGb,status)'
same "the store" "150 READY" "$(tr '\t' ' ' <<<"$out")"
step "addresses list" "${compute[@]}" addresses list --format 'value(name,address,status)'
step "machine-types describe" "${compute[@]}" machine-types describe n2-standard-8 \
  --format 'value(guestCpus)'

step "instances stop" "${compute[@]}" instances stop wme-platform
step "instances start" "${compute[@]}" instances start wme-platform
step "instances stop, for good" "${compute[@]}" instances stop wme-platform
step "instances describe, stopped" "${compute[@]}" instances describe wme-platform \
  --format 'value(status)'
same "the Platform is stopped" TERMINATED "$out"
step "snapshots create" "${compute[@]}" snapshots create gcloud-wm-data \
  --source-disk wme-platform-wm-data --source-disk-zone "$zone" --labels client=gcloud
step "disks snapshot" "${compute[@]}" disks snapshot wme-platform-wm-runtime \
  --snapshot-names gcloud-wm-runtime
step "snapshots describe" "${compute[@]}" snapshots describe gcloud-wm-data \
  --format 'value(status,labels.client)'
same "the snapshot is there when gcloud returns" "READY gcloud" "$(tr '\t' ' ' <<<"$out")"
step "snapshots list" "${compute[@]}" snapshots list --filter labels.client=gcloud \
  --format 'value(name)'
same "by its label" gcloud-wm-data "$out"
step "instances set-disk-auto-delete" "${compute[@]}" instances set-disk-auto-delete wme-platform \
  --disk wme-platform-wm-data --no-auto-delete
if [[ -n $alias ]]; then
  step "instances network-interfaces update: the address leaves" "${compute[@]}" instances \
    network-interfaces update wme-platform --network-interface nic0 --aliases ''
fi

step "disks create from it" "${compute[@]}" disks create gcloud-wm-data-new \
  --source-snapshot gcloud-wm-data --type pd-ssd
step "disks describe, the new one" "${compute[@]}" disks describe gcloud-wm-data-new \
  --format 'value(status,sourceSnapshot.basename())'
same "the disk is there when gcloud returns" "READY gcloud-wm-data" "$(tr '\t' ' ' <<<"$out")"
step "addresses create" "${compute[@]}" addresses create gcloud-address --region "$region" \
  --subnet "$subnet" --addresses 10.0.1.77
step "images describe-from-family" "${compute[@]}" images describe-from-family ubuntu-2204-lts \
  --project ubuntu-os-cloud --format 'value(name)'
step "instances create" "${compute[@]}" instances create gcloud-successor \
  --machine-type n2-standard-8 --subnet "$subnet" --private-network-ip 10.0.1.77 --no-address \
  --image-family ubuntu-2204-lts --image-project ubuntu-os-cloud --labels client=gcloud
step "instances describe, the new one" "${compute[@]}" instances describe gcloud-successor \
  --format 'value(status,networkInterfaces[0].networkIP)'
same "the successor runs" "RUNNING 10.0.1.77" "$(tr '\t' ' ' <<<"$out")"
step "instances attach-disk" "${compute[@]}" instances attach-disk gcloud-successor \
  --disk gcloud-wm-data-new --device-name wm-data
refused "disks delete, in use" "already being used" \
  "${compute[@]}" disks delete gcloud-wm-data-new
step "instances detach-disk" "${compute[@]}" instances detach-disk gcloud-successor \
  --disk gcloud-wm-data-new
step "instances add-labels" "${compute[@]}" instances add-labels gcloud-successor --labels seen=yes
step "disks add-labels" "${compute[@]}" disks add-labels gcloud-wm-data-new --labels seen=yes
step "operations list" "${compute[@]}" operations list --zones "$zone" --format 'value(name,status)'
step "instances delete" "${compute[@]}" instances delete gcloud-successor
refused "instances describe of what is gone" "was not found" \
  "${compute[@]}" instances describe gcloud-successor
step "disks delete" "${compute[@]}" disks delete gcloud-wm-data-new
# One at a time: for several gcloud sends a batch, which is not simulated.
step "snapshots delete" "${compute[@]}" snapshots delete gcloud-wm-data
step "snapshots delete, the other" "${compute[@]}" snapshots delete gcloud-wm-runtime
step "addresses delete" "${compute[@]}" addresses delete gcloud-address --region "$region"
step "project-info describe" "${compute[@]}" project-info describe --format 'value(name)'
echo wrong >"$scratch/token"
refused "a token that nobody gave" "invalid authentication credentials" \
  env CLOUDSDK_AUTH_ACCESS_TOKEN_FILE="$scratch/token" "${compute[@]}" instances describe \
  wme-platform

ended
