#include "tests/support/aws/ec2_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// The judge sees what is wrong: whoever trusts it must know that it can say no.
namespace wme::testing_support {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Ec2Model& ec2() {
  static const Ec2Model model;
  return model;
}

Ec2Model::Complaints request(const std::string& pairs) {
  return ec2().faults_of_request("Action=" + pairs + "&Version=2016-11-15");
}

Ec2Model::Complaints answer(const std::string& operation, const std::string& inner) {
  return ec2().faults_of_answer(operation, 200,
                                "<" + operation +
                                    "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                                    "<requestId>r</requestId>" +
                                    inner + "</" + operation + "Response>");
}

TEST(Ec2Model, TakesTheNamesOfTheQueryProtocol) {
  EXPECT_THAT(request("DescribeInstances&InstanceId.1=i-1&Filter.1.Name=tag%3AName&"
                      "Filter.1.Value.1=a+b&MaxResults=5&DryRun=false"),
              IsEmpty());
  EXPECT_THAT(request("CreateTags&ResourceId.1=i-1&Tag.1.Key=k&Tag.1.Value=v"), IsEmpty());
}

TEST(Ec2Model, SeesNamesThatEc2DoesNotHave) {
  EXPECT_THAT(request("DescribeInstances&InstanceIds.1=i-1"),
              ElementsAre("DescribeInstances has no 'InstanceIds'"));
  EXPECT_THAT(request("DescribeInstances&InstanceId.member.1=i-1"),
              Contains(HasSubstr("number 1")));
  EXPECT_THAT(request("DescribeInstances&InstanceId.2=i-1"), Contains(HasSubstr("number 1")));
  EXPECT_THAT(request("RunInstances&MinCount=1&MaxCount=1&BlockDeviceMapping.1.Ebs.Size=9"),
              ElementsAre("RunInstances.BlockDeviceMapping.1.Ebs has no 'Size'"));
  EXPECT_THAT(request("StopInstance&InstanceId.1=i-1"),
              ElementsAre("there is no operation 'StopInstance'"));
  EXPECT_THAT(ec2().faults_of_request("Action=DescribeInstances"), Contains("Version is ''"));
}

TEST(Ec2Model, SeesWhatIsMissingOrOfAnotherType) {
  EXPECT_THAT(request("CreateSnapshot&Description=d"),
              ElementsAre("CreateSnapshot lacks the required VolumeId"));
  EXPECT_THAT(request("RunInstances&MinCount=one&MaxCount=1"),
              Contains(HasSubstr("'one', which is no integer")));
  EXPECT_THAT(request("StopInstances&InstanceId.1=i-1&Force=yes"),
              Contains(HasSubstr("no boolean")));
  EXPECT_THAT(request("CreateVolume&VolumeType=gp9"), Contains(HasSubstr("none of its words")));
  EXPECT_THAT(request("StopInstances&InstanceId=i-1"),
              Contains(HasSubstr("is a list, not a text")));
}

TEST(Ec2Model, SeesWhatIsWrongInAnswers) {
  EXPECT_THAT(answer("CreateSnapshot", "<snapshotId>s</snapshotId><status>pending</status>"),
              IsEmpty());
  EXPECT_THAT(answer("CreateSnapshot", "<state>pending</state>"),
              ElementsAre("CreateSnapshot has no 'state'"));
  EXPECT_THAT(answer("CreateSnapshot", "<status>done</status>"),
              Contains(HasSubstr("none of its words")));
  EXPECT_THAT(answer("CreateSnapshot", "<volumeSize>9 GiB</volumeSize>"),
              Contains(HasSubstr("no integer")));
  EXPECT_THAT(answer("DescribeVolumes", "<volumeSet><volume/></volumeSet>"),
              Contains(HasSubstr("a list of 'item', not of 'volume'")));
  EXPECT_THAT(answer("DescribeVolumes", "<volumeSet/><volumeSet/>"), Contains(HasSubstr("twice")));
  EXPECT_THAT(answer("DeleteVolume", ""), Contains(HasSubstr("has return")));
  EXPECT_THAT(ec2().faults_of_answer("DeleteVolume", 400, "<Error/>"), Contains(HasSubstr("root")));
}

}  // namespace
}  // namespace wme::testing_support
