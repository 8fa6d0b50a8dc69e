#include <string>
#include <utility>

#include "simulators/gcp/compute_json.hpp"
#include "simulators/gcp/compute_routes.hpp"

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;
using Answer = ComputeResult<json>;
using Accepted = ComputeBackend::Accepted;

constexpr const char* kMachine =
    "model (shape, states, requestId); doc (what a state allows); Assumption: refusals of the "
    "model's guards are 400 resourceNotReady";
constexpr const char* kMachineDiffers = "durations are the model's, not the provider's";
constexpr const char* kStorage =
    "model (shape, states, requestId); doc (in use, too small); Assumption: a disk is listed from "
    "the moment that its insertion is accepted";
constexpr const char* kCaptured = "model; captured (gcloud)";

Answer answered(const Accepted& accepted, const ComputeBackend& backend) {
  if (!accepted) return accepted.error();
  return operation_json(backend, *accepted.value());
}

/// A change is carried out once for each requestId.
template <class Change>
Answer once(ComputeBackend& backend, const ComputeRequest& request, Change change) {
  const auto known = backend.repeated(request.context);
  if (!known) return known.error();
  if (known.value() != nullptr) return operation_json(backend, *known.value());
  return answered(change(), backend);
}

Answer insert_instance(ComputeBackend& backend, const ComputeRequest& request) {
  const std::string type = last_segment(text_in(request.body, "machineType"));
  if (!type.empty() && cpus_of(type) == 0)
    return invalid("resource.machineType",
                   "'" + type + "'. The referenced resource does not exist");
  return once(backend, request,
              [&] { return backend.insert_instance(request.body, request.context); });
}
Answer delete_instance(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.delete_instance(request.name("instance"), request.context); });
}
Answer stop_instance(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.stop_instance(request.name("instance"), request.context); });
}
Answer start_instance(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.start_instance(request.name("instance"), request.context); });
}
Answer attach_disk(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.attach_disk(request.name("instance"), request.body, request.context);
  });
}
Answer detach_disk(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.detach_disk(request.name("instance"), request.parameter("deviceName"),
                               request.context);
  });
}
Answer set_disk_auto_delete(ComputeBackend& backend, const ComputeRequest& request) {
  const std::string goes = request.parameter("autoDelete");
  return once(backend, request, [&] {
    return backend.set_disk_auto_delete(request.name("instance"), request.parameter("deviceName"),
                                        goes == "true" || goes == "True", request.context);
  });
}
Answer update_interface(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.update_interface(request.name("instance"), request.parameter("networkInterface"),
                                    request.body, request.context);
  });
}
Answer insert_disk(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] { return backend.insert_disk(request.body, request.context); });
}
Answer delete_disk(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.delete_disk(request.name("disk"), request.context); });
}
Answer create_snapshot(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.insert_snapshot(request.name("disk"), request.body, backend.zone_path(),
                                   request.context);
  });
}
Answer insert_snapshot(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.insert_snapshot(last_segment(text_in(request.body, "sourceDisk")), request.body,
                                   "global", request.context);
  });
}
Answer delete_snapshot(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.delete_snapshot(request.name("snapshot"), request.context); });
}
Answer insert_address(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.insert_address(request.body, request.context); });
}
Answer delete_address(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request,
              [&] { return backend.delete_address(request.name("address"), request.context); });
}
Answer label_instance(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.set_labels(backend.zone_path() + "/instances/" + request.name("instance"),
                              request.body, request.context);
  });
}
Answer label_disk(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.set_labels(backend.zone_path() + "/disks/" + request.name("resource"),
                              request.body, request.context);
  });
}
Answer label_snapshot(ComputeBackend& backend, const ComputeRequest& request) {
  return once(backend, request, [&] {
    return backend.set_labels("global/snapshots/" + request.name("resource"), request.body,
                              request.context);
  });
}

}  // namespace

const std::vector<ComputeRoute>& change_routes() {
  static const std::vector<ComputeRoute> all = {
      {"instances.insert",
       "POST",
       "projects/{project}/zones/{zone}/instances",
       "compute.instances.create",
       {"requestId", "sourceInstanceTemplate", "sourceMachineImage"},
       kMachine,
       "one interface; templates and machine images are not looked at",
       insert_instance},
      {"instances.delete",
       "DELETE",
       "projects/{project}/zones/{zone}/instances/{instance}",
       "compute.instances.delete",
       {"requestId"},
       kMachine,
       kMachineDiffers,
       delete_instance},
      {"instances.stop",
       "POST",
       "projects/{project}/zones/{zone}/instances/{instance}/stop",
       "compute.instances.stop",
       {"requestId", "discardLocalSsd"},
       kMachine,
       kMachineDiffers,
       stop_instance},
      {"instances.start",
       "POST",
       "projects/{project}/zones/{zone}/instances/{instance}/start",
       "compute.instances.start",
       {"requestId"},
       kMachine,
       kMachineDiffers,
       start_instance},
      {"instances.attachDisk",
       "POST",
       "projects/{project}/zones/{zone}/instances/{instance}/attachDisk",
       "compute.instances.attachDisk",
       {"requestId", "forceAttach"},
       kStorage,
       "forceAttach is not looked at",
       attach_disk},
      {"instances.detachDisk",
       "POST",
       "projects/{project}/zones/{zone}/instances/{instance}/detachDisk",
       "compute.instances.detachDisk",
       {"requestId", "deviceName"},
       kStorage,
       "",
       detach_disk},
      {"instances.setDiskAutoDelete",
       "POST",
       "projects/{project}/zones/{zone}/instances/{instance}/setDiskAutoDelete",
       "compute.instances.setDiskAutoDelete",
       {"requestId", "autoDelete", "deviceName"},
       kStorage,
       "it takes effect at once",
       set_disk_auto_delete},
      {"instances.updateNetworkInterface",
       "PATCH",
       "projects/{project}/zones/{zone}/instances/{instance}/updateNetworkInterface",
       "compute.instances.updateNetworkInterface",
       {"requestId", "networkInterface"},
       "model (shape, fingerprint); doc (networkIP only while stopped, aliases at any time)",
       "ranges that the model does not know take effect at once; the new Platform cannot lose the "
       "address again",
       update_interface},
      {"instances.setLabels",
       "POST",
       "projects/{project}/zones/{zone}/instances/{instance}/setLabels",
       "compute.instances.setLabels",
       {"requestId"},
       "model (fingerprint); doc",
       "it takes effect at once",
       label_instance},
      {"disks.insert",
       "POST",
       "projects/{project}/zones/{zone}/disks",
       "compute.disks.create",
       {"requestId", "sourceImage"},
       kStorage,
       "sourceImage is not looked at",
       insert_disk},
      {"disks.delete",
       "DELETE",
       "projects/{project}/zones/{zone}/disks/{disk}",
       "compute.disks.delete",
       {"requestId"},
       kStorage,
       "it is gone at once",
       delete_disk},
      {"disks.createSnapshot",
       "POST",
       "projects/{project}/zones/{zone}/disks/{disk}/createSnapshot",
       "compute.disks.createSnapshot",
       {"requestId", "guestFlush"},
       "model (shape, states); doc (a zone operation)",
       kMachineDiffers,
       create_snapshot},
      {"disks.setLabels",
       "POST",
       "projects/{project}/zones/{zone}/disks/{resource}/setLabels",
       "compute.disks.setLabels",
       {"requestId"},
       "model (fingerprint); doc",
       "it takes effect at once",
       label_disk},
      {"snapshots.insert",
       "POST",
       "projects/{project}/global/snapshots",
       "compute.snapshots.create",
       {"requestId"},
       kCaptured,
       kMachineDiffers,
       insert_snapshot},
      {"snapshots.delete",
       "DELETE",
       "projects/{project}/global/snapshots/{snapshot}",
       "compute.snapshots.delete",
       {"requestId"},
       "model",
       "it is gone at once",
       delete_snapshot},
      {"snapshots.setLabels",
       "POST",
       "projects/{project}/global/snapshots/{resource}/setLabels",
       "compute.snapshots.setLabels",
       {},
       "model (fingerprint); doc",
       "it takes effect at once",
       label_snapshot},
      {"addresses.insert",
       "POST",
       "projects/{project}/regions/{region}/addresses",
       "compute.addresses.create",
       {"requestId"},
       "model; doc",
       "internal addresses only; it is reserved at once",
       insert_address},
      {"addresses.delete",
       "DELETE",
       "projects/{project}/regions/{region}/addresses/{address}",
       "compute.addresses.delete",
       {"requestId"},
       "model; doc (not while in use)",
       "it is gone at once",
       delete_address},
  };
  return all;
}

}  // namespace wme::simulators::gcp
