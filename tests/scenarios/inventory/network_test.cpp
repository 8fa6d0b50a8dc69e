#include "scenarios/inventory/network.hpp"

#include <gtest/gtest.h>

namespace wme::scenarios {
namespace {

TEST(ParseIpv4, TakesFourNumbers) {
  EXPECT_EQ(parse_ipv4("10.0.1.10"), 0x0A00010AU);
  EXPECT_EQ(parse_ipv4("255.255.255.255"), 0xFFFFFFFFU);
  EXPECT_EQ(parse_ipv4("0.0.0.0"), 0U);
}

TEST(ParseIpv4, TakesNothingElse) {
  for (const char* text :
       {"", "10.0.1", "10.0.1.10.1", "10.0.1.256", "10.0.01.10", "10.0.1.-1", "10.0.1.1 ",
        " 10.0.1.1", "10.0.1.", "10..1.1", "a.b.c.d", "10.0.1.+1", "99999999999.0.0.1"})
    EXPECT_EQ(parse_ipv4(text), std::nullopt) << text;
}

TEST(ParseCidr, StartsAtItsNetwork) {
  const auto cidr = parse_cidr("10.2.1.1/24");
  ASSERT_TRUE(cidr);
  EXPECT_EQ(cidr->first, *parse_ipv4("10.2.1.0"));
  EXPECT_EQ(cidr->last(), *parse_ipv4("10.2.1.255"));
  EXPECT_EQ(cidr->prefix, 24);
}

TEST(ParseCidr, TakesTheWidestAndTheNarrowest) {
  EXPECT_EQ(parse_cidr("10.1.2.3/0")->first, 0U);
  EXPECT_EQ(parse_cidr("10.1.2.3/0")->last(), 0xFFFFFFFFU);
  EXPECT_EQ(parse_cidr("10.1.2.3/32")->first, parse_cidr("10.1.2.3/32")->last());
}

TEST(ParseCidr, TakesNothingElse) {
  for (const char* text : {"10.2.1.1", "10.2.1.1/", "10.2.1.1/33", "10.2.1/24", "10.2.1.1/24/1",
                           "10.2.1.1/-1", "10.2.1.1/024"})
    EXPECT_FALSE(parse_cidr(text)) << text;
}

TEST(Cidr, OverlapsWhenOneHoldsTheOther) {
  const auto wide = parse_cidr("10.0.0.0/8");
  const auto narrow = parse_cidr("10.2.1.1/24");
  const auto beside = parse_cidr("10.2.2.1/24");
  EXPECT_TRUE(wide->overlaps(*narrow));
  EXPECT_TRUE(narrow->overlaps(*wide));
  EXPECT_FALSE(narrow->overlaps(*beside));
  EXPECT_TRUE(narrow->contains(*parse_ipv4("10.2.1.255")));
  EXPECT_FALSE(narrow->contains(*parse_ipv4("10.2.2.0")));
}

}  // namespace
}  // namespace wme::scenarios
