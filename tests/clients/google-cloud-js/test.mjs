// @google-cloud/compute against the simulated Compute Engine: every operation that a plan uses, with
// the operations' own `wait`. The client is told where it is, as for any private endpoint, and given
// an access token: its own library asks Google's address for one, whatever the key's token_uri says.
import { readFileSync } from "node:fs";

import compute from "@google-cloud/compute";
import { GoogleAuth, OAuth2Client } from "google-auth-library";

import { ended, refused, same, step } from "../checks.mjs";

const project = process.env.GOOGLE_CLOUD_PROJECT;
const zone = process.env.CLOUDSDK_COMPUTE_ZONE;
const region = process.env.CLOUDSDK_COMPUTE_REGION;
const endpoint = new URL(process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE);
const authClient = new OAuth2Client();
authClient.setCredentials({
  access_token: readFileSync(process.env.CLOUDSDK_AUTH_ACCESS_TOKEN_FILE, "utf8").trim(),
});
const options = {
  auth: new GoogleAuth({ authClient }),
  apiEndpoint: endpoint.hostname,
  port: Number(endpoint.port),
  protocol: endpoint.protocol.replace(":", ""),
  fallback: "rest",
};
const instances = new compute.InstancesClient(options);
const disks = new compute.DisksClient(options);
const snapshots = new compute.SnapshotsClient(options);
const addresses = new compute.AddressesClient(options);
const zoneOperations = new compute.ZoneOperationsClient(options);
const regionOperations = new compute.RegionOperationsClient(options);
const globalOperations = new compute.GlobalOperationsClient(options);

/// Asks, and waits as the documentation says: by the operation's own `wait`, again while it runs.
async function done(asked) {
  const [response] = await asked;
  let operation = response.latestResponse ?? response;
  for (let attempt = 0; operation.status !== "DONE" && attempt < 50; ++attempt) {
    const name = operation.name;
    if (operation.zone)
      [operation] = await zoneOperations.wait({ operation: name, project, zone });
    else if (operation.region)
      [operation] = await regionOperations.wait({ operation: name, project, region });
    else [operation] = await globalOperations.wait({ operation: name, project });
  }
  if (operation.status !== "DONE") throw new Error(`${operation.name} does not end`);
  const errors = operation.error?.errors ?? [];
  if (errors.length > 0) throw new Error(`${errors[0].code}: ${errors[0].message}`);
  return operation;
}
const at = { project, zone };
const platform = { ...at, instance: "wme-platform" };
const statusOf = async (instance) => (await instances.get({ ...at, instance }))[0].status;

await step("instances.list", async () => {
  const [all] = await instances.list(at);
  if (all.length < 3) throw new Error(`${all.length} instances`);
});
await step("instances.aggregatedList", async () => {
  let count = 0;
  for await (const [, scope] of instances.aggregatedListAsync({ project }))
    count += scope.instances?.length ?? 0;
  if (count < 3) throw new Error(`${count} instances`);
});
const [old] = await step("instances.get", () => instances.get(platform));
same("the Platform runs", "RUNNING", old.status);
const data = { ...at, disk: "wme-platform-wm-data" };
const [store] = await step("disks.get", () => disks.get(data));
same("the store", "150", String(store.sizeGb));
await step("addresses.list", () => addresses.list({ project, region }));

await step("instances.stop", () => done(instances.stop(platform)));
await step("instances.start", () => done(instances.start(platform)));
await step("instances.stop, for good", () => done(instances.stop(platform)));
same("the Platform is stopped", "TERMINATED", await statusOf("wme-platform"));
await step("disks.createSnapshot", () =>
  done(
    disks.createSnapshot({
      ...data,
      snapshotResource: { name: "js-wm-data", labels: { client: "google-cloud-js" } },
    }),
  ),
);
await step("snapshots.insert", () =>
  done(
    snapshots.insert({
      project,
      requestId: "0b5b1f7e-6a3c-4c5e-9a10-5f2d8f7a1c01",
      snapshotResource: {
        name: "js-wm-runtime",
        sourceDisk: `projects/${project}/zones/${zone}/disks/wme-platform-wm-runtime`,
      },
    }),
  ),
);
const [taken] = await step("snapshots.get", () =>
  snapshots.get({ project, snapshot: "js-wm-data" }),
);
same("the snapshot", "READY", taken.status);
await step("snapshots.list, by its label", async () => {
  const [some] = await snapshots.list({ project, filter: "labels.client=google-cloud-js" });
  if (some.length !== 1) throw new Error(`${some.length} snapshots`);
});
await step("instances.setDiskAutoDelete", () =>
  done(
    instances.setDiskAutoDelete({
      ...platform,
      autoDelete: false,
      deviceName: old.disks.find((each) => each.source.endsWith("/wme-platform-wm-data")).deviceName,
    }),
  ),
);
const [face] = old.networkInterfaces;
if (face.aliasIpRanges?.length > 0)
  await step("instances.updateNetworkInterface: the address leaves", () =>
    done(
      instances.updateNetworkInterface({
        ...platform,
        networkInterface: face.name,
        networkInterfaceResource: { fingerprint: face.fingerprint, aliasIpRanges: [] },
      }),
    ),
  );

const wanted = {
  ...at,
  requestId: "0b5b1f7e-6a3c-4c5e-9a10-5f2d8f7a1c02",
  diskResource: {
    name: "js-wm-data-new",
    sizeGb: "150",
    type: `zones/${zone}/diskTypes/pd-ssd`,
    sourceSnapshot: "global/snapshots/js-wm-data",
  },
};
const first = await step("disks.insert", () => done(disks.insert(wanted)));
const again = await step("disks.insert, the same request", () => done(disks.insert(wanted)));
same("the same request is the same operation", first?.name, again?.name);
await refused("disks.insert, of a name that is taken", "already exists", () =>
  done(disks.insert({ ...wanted, requestId: undefined })),
);
await step("addresses.insert", () =>
  done(
    addresses.insert({
      project,
      region,
      addressResource: {
        name: "js-address",
        address: "10.0.1.78",
        addressType: "INTERNAL",
        subnetwork: face.subnetwork,
      },
    }),
  ),
);
await step("instances.insert", () =>
  done(
    instances.insert({
      ...at,
      instanceResource: {
        name: "js-successor",
        machineType: `zones/${zone}/machineTypes/n2-standard-8`,
        labels: { client: "google-cloud-js" },
        disks: [
          {
            boot: true,
            autoDelete: true,
            initializeParams: {
              sourceImage: "projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts",
            },
          },
        ],
        networkInterfaces: [{ subnetwork: face.subnetwork, networkIP: "10.0.1.78" }],
      },
    }),
  ),
);
same("the successor runs", "RUNNING", await statusOf("js-successor"));
const successor = { ...at, instance: "js-successor" };
await step("instances.attachDisk", () =>
  done(
    instances.attachDisk({
      ...successor,
      attachedDiskResource: {
        source: `projects/${project}/zones/${zone}/disks/js-wm-data-new`,
        deviceName: "wm-data",
      },
    }),
  ),
);
await refused("disks.delete, in use", "already being used", () =>
  done(disks.delete({ ...at, disk: "js-wm-data-new" })),
);
await step("instances.detachDisk", () =>
  done(instances.detachDisk({ ...successor, deviceName: "wm-data" })),
);
await step("instances.setLabels", async () => {
  const [now] = await instances.get(successor);
  await done(
    instances.setLabels({
      ...successor,
      instancesSetLabelsRequestResource: {
        labels: { ...now.labels, seen: "yes" },
        labelFingerprint: now.labelFingerprint,
      },
    }),
  );
});
await step("instances.delete", () => done(instances.delete(successor)));
await refused("instances.get of what is gone", "was not found", () => instances.get(successor));
await step("disks.delete", () => done(disks.delete({ ...at, disk: "js-wm-data-new" })));
for (const snapshot of ["js-wm-data", "js-wm-runtime"])
  await step(`snapshots.delete ${snapshot}`, () => done(snapshots.delete({ project, snapshot })));
await step("addresses.delete", () =>
  done(addresses.delete({ project, region, address: "js-address" })),
);

ended();
