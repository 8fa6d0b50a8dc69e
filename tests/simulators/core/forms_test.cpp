#include "simulators/core/forms.hpp"

#include <gtest/gtest.h>

namespace wme::simulators {
namespace {

HttpRequest with_header(std::string name, std::string value, std::string body = "") {
  return {"POST", "/", {{std::move(name), std::move(value)}}, std::move(body)};
}

TEST(Forms, DecodesQueriesAndForms) {
  const Form form = parse_form("j_username=a%40b.c&j_password=x%2B+y&empty=&&regButton=Login");

  EXPECT_EQ(form.at("j_username"), "a@b.c");
  EXPECT_EQ(form.at("j_password"), "x+ y");
  EXPECT_EQ(form.at("empty"), "");
  EXPECT_EQ(form.size(), 4U);
}

TEST(Forms, LeavesOutWhatCannotBeDecoded) {
  const Form form = parse_form("good=1&bad=%4&worse=%zz&=nameless&good=2");

  EXPECT_EQ(form, (Form{{"good", "1"}}));
}

TEST(Forms, FindsOneCookieAmongSeveral) {
  const HttpRequest request = with_header("cookie", "a=1; auth_cookie=\"wm 7\";b=2");

  EXPECT_EQ(cookie_of(request, "auth_cookie"), "wm 7");
  EXPECT_EQ(cookie_of(request, "b"), "2");
  EXPECT_EQ(cookie_of(request, "c"), "");
}

TEST(Forms, TakesMultipartApartByteForByte) {
  const std::string key = "-----BEGIN KEY-----\r\n\r\n--not-the-boundary\r\n";
  const HttpRequest request = with_header(
      "Content-Type", "multipart/form-data; boundary=XyZ",
      "preamble\r\n--XyZ\r\nContent-Disposition: form-data; name=\"instanceDetails\"\r\n"
      "Content-Type: application/json\r\n\r\n{\"a\":1}\r\n"
      "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"key.pem\"\r\n\r\n" +
          key + "\r\n--XyZ--\r\n");

  const auto parts = parse_multipart(request);

  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "instanceDetails");
  EXPECT_EQ((*parts)[0].content_type, "application/json");
  EXPECT_EQ((*parts)[0].body, "{\"a\":1}");
  EXPECT_EQ((*parts)[1].file_name, "key.pem");
  EXPECT_EQ((*parts)[1].body, key);
}

TEST(Forms, RefusesATornMultipartBody) {
  const std::string type = "multipart/form-data; boundary=XyZ";
  EXPECT_FALSE(parse_multipart(with_header("Content-Type", type, "--XyZ\r\nname")));
  EXPECT_FALSE(parse_multipart(with_header("Content-Type", type, "")));
  EXPECT_FALSE(parse_multipart(with_header("Content-Type", "application/json", "{}")));
}

TEST(Forms, ReadsBasicAuthentication) {
  const auto login = basic_login(with_header("Authorization", "Basic YWRtaW46cDpzcw=="));

  ASSERT_TRUE(login);
  EXPECT_EQ(login->first, "admin");
  EXPECT_EQ(login->second, "p:ss");
  EXPECT_FALSE(basic_login(with_header("Authorization", "Basic %%%")));
  EXPECT_FALSE(basic_login(with_header("Authorization", "Bearer YWRtaW46cDpzcw==")));
}

}  // namespace
}  // namespace wme::simulators
