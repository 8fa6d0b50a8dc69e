// @azure/arm-compute and @azure/arm-network against the simulated Azure, over HTTPS: every operation
// that a plan uses, with the SDK's own pollers.
import { ComputeManagementClient } from "@azure/arm-compute";
import { NetworkManagementClient } from "@azure/arm-network";
import { ClientSecretCredential } from "@azure/identity";

import { ended, refused, same, step } from "../checks.mjs";

const {
  ARM_ENDPOINT: endpoint,
  AZURE_CLIENT_ID,
  AZURE_CLIENT_SECRET,
  AZURE_RESOURCE_GROUP: group,
  AZURE_SUBSCRIPTION_ID,
  AZURE_TENANT_ID,
} = process.env;
// A login host that Microsoft does not know must not be asked for among those that it does.
const credential = new ClientSecretCredential(
  AZURE_TENANT_ID,
  AZURE_CLIENT_ID,
  AZURE_CLIENT_SECRET,
  { authorityHost: endpoint, disableInstanceDiscovery: true },
);
const options = { endpoint, credentialScopes: [`${endpoint}/.default`], credentials: undefined };
const compute = new ComputeManagementClient(credential, AZURE_SUBSCRIPTION_ID, options);
const network = new NetworkManagementClient(credential, AZURE_SUBSCRIPTION_ID, options);
const { disks, snapshots, virtualMachines: machines } = compute;
const nics = network.networkInterfaces;

// Older generations of the SDK have beginXAndWait, newer ones a poller that is a promise.
const done = (client, operation, ...rest) => {
  const old = `begin${operation[0].toUpperCase()}${operation.slice(1)}AndWait`;
  return old in client ? client[old](...rest) : client[operation](...rest);
};
const power = async (name) =>
  (await machines.instanceView(group, name)).statuses
    .map((each) => each.code)
    .find((code) => code.startsWith("PowerState/"));

await step("virtualMachines.list", async () => {
  let count = 0;
  for await (const _ of machines.list(group)) ++count;
  if (count < 3) throw new Error(`${count} machines`);
});
const old = await step("virtualMachines.get", () => machines.get(group, "wme-platform"));
same("virtualMachines.instanceView", "PowerState/running", await power("wme-platform"));
const nic = await step("networkInterfaces.get", () => nics.get(group, "wme-platform-nic-1"));
const data = await step("disks.get", () => disks.get(group, "wme-platform-wm-data"));

await step("virtualMachines.powerOff", () => done(machines, "powerOff", group, "wme-platform"));
await step("virtualMachines.start", () => done(machines, "start", group, "wme-platform"));
await step("virtualMachines.deallocate", () => done(machines, "deallocate", group, "wme-platform"));
same("deallocated", "PowerState/deallocated", await power("wme-platform"));

const copy = (sourceResourceId) => ({
  location: old.location,
  tags: { client: "azure-sdk-js" },
  creationData: { createOption: "Copy", sourceResourceId },
});
const snapshotOf = async (what, name, source) => {
  const made = await step(`snapshots.createOrUpdate, ${what}`, () =>
    done(snapshots, "createOrUpdate", group, name, { ...copy(source), incremental: true }),
  );
  same(`snapshots.createOrUpdate, ${what}, to its end`, "Succeeded", made?.provisioningState);
  return made;
};
const diskOf = async (what, name, source) => {
  const made = await step(`disks.createOrUpdate, ${what}`, () =>
    done(disks, "createOrUpdate", group, name, { ...copy(source), sku: { name: "Premium_LRS" } }),
  );
  same(`disks.createOrUpdate, ${what}, to its end`, "Succeeded", made?.provisioningState);
  return made;
};
const taken = await snapshotOf("a store", "js-wm-data", data.id);
const rootTaken = await snapshotOf("the root", "js-root", old.storageProfile.osDisk.managedDisk.id);
await step("snapshots.listByResourceGroup", async () => {
  for await (const each of snapshots.listByResourceGroup(group))
    if (each.name === "js-wm-data") return;
  throw new Error("it is not listed");
});
const disk = await diskOf("a store", "js-wm-data-new", taken.id);
const root = await diskOf("the root", "js-root-new", rootTaken.id);

await refused("networkInterfaces.delete, in use", "NicInUse", () =>
  done(nics, "delete", group, "wme-platform-nic-1"),
);
await step("virtualMachines.delete", () => done(machines, "delete", group, "wme-platform"));
await refused("virtualMachines.get of what is gone", "ResourceNotFound", () =>
  machines.get(group, "wme-platform"),
);
const wanted = {
  location: old.location,
  hardwareProfile: { vmSize: "Standard_D8s_v3" },
  storageProfile: {
    osDisk: { createOption: "Attach", osType: "Linux", managedDisk: { id: root.id } },
    dataDisks: [],
  },
  networkProfile: { networkInterfaces: [{ id: nic.id, primary: true, deleteOption: "Detach" }] },
};
await step("virtualMachines.createOrUpdate", () =>
  done(machines, "createOrUpdate", group, "js-successor", wanted),
);
same("the successor runs", "PowerState/running", await power("js-successor"));
await step("virtualMachines.update, a disk more", () =>
  done(machines, "update", group, "js-successor", {
    storageProfile: {
      dataDisks: [{ lun: 0, createOption: "Attach", managedDisk: { id: disk.id } }],
    },
  }),
);
same("attached", "Attached", (await disks.get(group, "js-wm-data-new")).diskState);
await step("virtualMachines.update, a disk less", () =>
  done(machines, "update", group, "js-successor", { storageProfile: { dataDisks: [] } }),
);
same("detached", "Unattached", (await disks.get(group, "js-wm-data-new")).diskState);
await step("disks.update", () =>
  done(disks, "update", group, "js-wm-data-new", { tags: { seen: "yes" } }),
);
await step("virtualMachines.delete, the successor", () =>
  done(machines, "delete", group, "js-successor"),
);
await step("networkInterfaces.createOrUpdate", () =>
  done(nics, "createOrUpdate", group, "wme-platform-nic-1", { ...nic, tags: { seen: "yes" } }),
);
await step("disks.delete", () => done(disks, "delete", group, "js-wm-data-new"));
await step("snapshots.delete", () => done(snapshots, "delete", group, "js-wm-data"));
await refused("snapshots.get of what is gone", "ResourceNotFound", () =>
  snapshots.get(group, "js-wm-data"),
);

ended();
