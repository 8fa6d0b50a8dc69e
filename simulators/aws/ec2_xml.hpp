#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "simulators/aws/ec2_resources.hpp"

/// Rows as the elements of EC2's answers.
namespace wme::simulators::aws {

inline constexpr const char* kOwner = "123456789012";

void put(pugi::xml_node parent, const char* name, const std::string& text);
std::string iso_time(TimePoint time);

void write_instance(pugi::xml_node item, const InstanceView& instance, const std::string& vpc,
                    const std::vector<VolumeView>& volumes,
                    const std::vector<InterfaceView>& interfaces);
void write_volume(pugi::xml_node item, const VolumeView& volume);
/// The answer of attaching and detaching: the attachment's elements at the top.
void write_attachment(pugi::xml_node item, const VolumeView& volume);
/// `state_name`: "status", but "state" in CreateSnapshots.
void write_snapshot(pugi::xml_node item, const SnapshotView& snapshot, const char* state_name);
void write_interface(pugi::xml_node item, const InterfaceView& interface, const std::string& vpc);
void write_image(pugi::xml_node item, const Image& image);
void write_state_changes(pugi::xml_node root, const std::vector<StateChange>& changes);
void write_groups(pugi::xml_node parent, const std::vector<std::string>& groups);
void write_state(pugi::xml_node parent, const char* name, const std::string& state);

}  // namespace wme::simulators::aws
