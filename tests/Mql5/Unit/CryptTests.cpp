// CryptEncode against published vectors.
#include "Mql5.h"
#include "Machine/Machine.h"

#include <gtest/gtest.h>

static std::string Hex(const Arr<uchar> &bytes) {
  std::string out;
  for (int i = 0; i < ArraySize(bytes); i++) {
    char text[3];
    std::snprintf(text, sizeof text, "%02x", bytes[i]);
    out += text;
  }
  return out;
}

TEST(Crypt, Sha256IsOverTheWholeArray) {
  Arr<uchar> data, key, result;
  StringToCharArray("abc", data, 0, WHOLE_ARRAY, CP_UTF8);
  EXPECT_EQ(32, CryptEncode(CRYPT_HASH_SHA256, data, key, result));
  EXPECT_NE("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hex(result)); // the final 0 is in it
  ArrayResize(data, 3);
  EXPECT_EQ(32, CryptEncode(CRYPT_HASH_SHA256, data, key, result));
  EXPECT_EQ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hex(result));
}
