// @aws-sdk/client-ec2 against the simulated EC2: every operation that a plan uses, with the SDK's
// own waiters. Endpoint, region and keys come from the environment, as for any user of it.
import {
  AttachNetworkInterfaceCommand,
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeAccountAttributesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  DetachNetworkInterfaceCommand,
  DetachVolumeCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstances,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  waitUntilNetworkInterfaceAvailable,
  waitUntilSnapshotCompleted,
  waitUntilVolumeAvailable,
  waitUntilVolumeDeleted,
  waitUntilVolumeInUse,
} from "@aws-sdk/client-ec2";

import { ended, refused, same, step } from "../checks.mjs";

const client = new EC2Client({});
const patience = { client, maxWaitTime: 120, minDelay: 1, maxDelay: 2 };
const send = (command) => client.send(command);

// EC2 takes one snapshot of a volume in 15 s, and the SDK does not ask again by itself: with more
// time between one try and the next, as the error says.
async function unhurried(command) {
  for (let pause = 20; ; pause *= 2) {
    try {
      return await send(command);
    } catch (error) {
      if (error.name !== "SnapshotCreationPerVolumeRateExceeded" || pause > 60_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

const interfaces = await step("DescribeNetworkInterfaces", () =>
  send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: "addresses.private-ip-address", Values: ["10.0.1.10"] }],
    }),
  ),
);
const { NetworkInterfaceId, Attachment } = interfaces.NetworkInterfaces[0];
const InstanceIds = [Attachment.InstanceId];
const found = await step("DescribeInstances", () =>
  send(new DescribeInstancesCommand({ InstanceIds })),
);
const old = found.Reservations[0].Instances[0];
await step("DescribeInstances, in pages", async () => {
  let count = 0;
  for await (const page of paginateDescribeInstances({ client, pageSize: 5 }, {}))
    count += page.Reservations.length;
  if (count < 3) throw new Error(`${count} instances`);
});
const volumes = await step("DescribeVolumes", () =>
  send(
    new DescribeVolumesCommand({
      Filters: [{ Name: "attachment.instance-id", Values: InstanceIds }],
    }),
  ),
);
const data = volumes.Volumes.find((each) => each.Attachments[0].Device === "/dev/sdf").VolumeId;
const images = await step("DescribeImages", () =>
  send(new DescribeImagesCommand({ Owners: ["self"] })),
);
await step("DescribeAccountAttributes", () => send(new DescribeAccountAttributesCommand({})));
await step("DescribeVpcs", () => send(new DescribeVpcsCommand({})));

await refused("StopInstances, DryRun", "DryRunOperation", () =>
  send(new StopInstancesCommand({ InstanceIds, DryRun: true })),
);
await step("ModifyInstanceAttribute", () =>
  send(
    new ModifyInstanceAttributeCommand({
      InstanceId: old.InstanceId,
      BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { DeleteOnTermination: false } }],
    }),
  ),
);
const snapshot = await step("CreateSnapshot", () =>
  send(
    new CreateSnapshotCommand({
      VolumeId: data,
      TagSpecifications: [
        { ResourceType: "snapshot", Tags: [{ Key: "client", Value: "aws-sdk-js" }] },
      ],
    }),
  ),
);
same("CreateSnapshot answers a pending one", "pending", snapshot.State);
const several = await step("CreateSnapshots", () =>
  unhurried(
    new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId: old.InstanceId, ExcludeBootVolume: true },
    }),
  ),
);
same("CreateSnapshots takes both stores", 2, several.Snapshots.length);
const SnapshotIds = [snapshot, ...several.Snapshots].map((each) => each.SnapshotId);
await step("waitUntilSnapshotCompleted", () =>
  waitUntilSnapshotCompleted(patience, { SnapshotIds }),
);
const seen = await step("DescribeSnapshots", () =>
  send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshot.SnapshotId] })),
);
same("Progress", "100%", seen.Snapshots[0].Progress);

await step("StopInstances", () => send(new StopInstancesCommand({ InstanceIds })));
await step("waitUntilInstanceStopped", () => waitUntilInstanceStopped(patience, { InstanceIds }));
await step("StartInstances", () => send(new StartInstancesCommand({ InstanceIds })));
await step("waitUntilInstanceRunning", () => waitUntilInstanceRunning(patience, { InstanceIds }));
await step("StopInstances, for good", () => send(new StopInstancesCommand({ InstanceIds })));
await step("waitUntilInstanceStopped, for good", () =>
  waitUntilInstanceStopped(patience, { InstanceIds }),
);
await step("ModifyNetworkInterfaceAttribute", () =>
  send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId,
      Attachment: { AttachmentId: Attachment.AttachmentId, DeleteOnTermination: false },
    }),
  ),
);
await step("DetachNetworkInterface", () =>
  send(new DetachNetworkInterfaceCommand({ AttachmentId: Attachment.AttachmentId })),
);
await step("waitUntilNetworkInterfaceAvailable", () =>
  waitUntilNetworkInterfaceAvailable(patience, { NetworkInterfaceIds: [NetworkInterfaceId] }),
);

const launch = {
  ImageId: images.Images[0].ImageId,
  InstanceType: "m5.2xlarge",
  MinCount: 1,
  MaxCount: 1,
  SubnetId: old.SubnetId,
  ClientToken: "aws-sdk-js-1",
  BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize: 60 } }],
};
const launched = await step("RunInstances", () => send(new RunInstancesCommand(launch)));
const again = await step("RunInstances, the same token", () =>
  send(new RunInstancesCommand(launch)),
);
const successor = launched.Instances[0].InstanceId;
same("the same token gives the same instance", successor, again.Instances[0].InstanceId);
await refused("RunInstances, the token of another request", "IdempotentParameterMismatch", () =>
  send(new RunInstancesCommand({ ...launch, InstanceType: "m5.large" })),
);
await step("waitUntilInstanceRunning, the new one", () =>
  waitUntilInstanceRunning(patience, { InstanceIds: [successor] }),
);
await step("AttachNetworkInterface", () =>
  send(
    new AttachNetworkInterfaceCommand({
      NetworkInterfaceId,
      InstanceId: successor,
      DeviceIndex: 1,
    }),
  ),
);
const volume = await step("CreateVolume", () =>
  send(
    new CreateVolumeCommand({
      AvailabilityZone: old.Placement.AvailabilityZone,
      SnapshotId: snapshot.SnapshotId,
      VolumeType: "gp3",
    }),
  ),
);
const VolumeIds = [volume.VolumeId];
await step("waitUntilVolumeAvailable", () => waitUntilVolumeAvailable(patience, { VolumeIds }));
await step("AttachVolume", () =>
  send(
    new AttachVolumeCommand({
      VolumeId: volume.VolumeId,
      InstanceId: successor,
      Device: "/dev/sdh",
    }),
  ),
);
await step("waitUntilVolumeInUse", () => waitUntilVolumeInUse(patience, { VolumeIds }));
await step("CreateTags", () =>
  send(new CreateTagsCommand({ Resources: VolumeIds, Tags: [{ Key: "seen", Value: "yes" }] })),
);
// in-use comes first, attached a moment later; whoever detaches in between is refused.
await step("DescribeVolumes: the attachment", async () => {
  for (let look = 0; look < 60; ++look) {
    const { Volumes } = await send(new DescribeVolumesCommand({ VolumeIds }));
    if (Volumes[0].Attachments[0].State === "attached") return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error("it is never attached");
});
await step("DetachVolume", () => send(new DetachVolumeCommand({ VolumeId: volume.VolumeId })));
await step("waitUntilVolumeAvailable, once more", () =>
  waitUntilVolumeAvailable(patience, { VolumeIds }),
);
await step("DeleteVolume", () => send(new DeleteVolumeCommand({ VolumeId: volume.VolumeId })));
await step("waitUntilVolumeDeleted", () => waitUntilVolumeDeleted(patience, { VolumeIds }));
await step("DeleteSnapshot", () =>
  send(new DeleteSnapshotCommand({ SnapshotId: snapshot.SnapshotId })),
);
await refused("DescribeSnapshots of what is gone", "InvalidSnapshot.NotFound", () =>
  send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshot.SnapshotId] })),
);
await step("TerminateInstances", () =>
  send(new TerminateInstancesCommand({ InstanceIds: [successor] })),
);
await step("waitUntilInstanceTerminated", () =>
  waitUntilInstanceTerminated(patience, { InstanceIds: [successor] }),
);

ended();
