// Conversion, string and mathematical functions.
#pragma once
#include "../Api/Structs.h"
#include "Array.h"
#include "String.h"

#include <cmath>

string IntegerToString(long number, int length = 0, ushort fill = ' ');
string DoubleToString(double value, int digits = 8);
string TimeToString(datetime value, int mode = TIME_DATE | TIME_MINUTES);
string CharToString(uchar code);
string ShortToString(ushort code);
string ColorToString(color value, bool names = false);
long StringToInteger(string text);
double StringToDouble(string text);
datetime StringToTime(string text);
double NormalizeDouble(double value, int digits);
bool TimeToStruct(datetime time, MqlDateTime &out);
datetime StructToTime(const MqlDateTime &value);

/// Elements written; with count -1 the final 0 is among them. A dynamic array grows and never shrinks.
int StringToCharArray(string text, Arr<uchar> &out, int start = 0, int count = WHOLE_ARRAY, uint codepage = CP_ACP);
/// With count -1 to the first 0 or the end.
string CharArrayToString(const Arr<uchar> &array, int start = 0, int count = WHOLE_ARRAY, uint codepage = CP_ACP);
int StringToShortArray(string text, Arr<ushort> &out, int start = 0, int count = WHOLE_ARRAY);
string ShortArrayToString(const Arr<ushort> &array, int start = 0, int count = WHOLE_ARRAY);

int StringLen(const string &text);
int StringFind(const string &text, const string &what, int from = 0);
string StringSubstr(const string &text, int start, int length = -1);
int StringSplit(const string &text, ushort separator, Arr<string> &out);
int StringReplace(string &text, const string &find, const string &replacement);
int StringTrimLeft(string &text);
int StringTrimRight(string &text);
bool StringToLower(string &text);
bool StringToUpper(string &text);
ushort StringGetCharacter(const string &text, int at);
bool StringSetCharacter(string &text, int at, ushort value);
int StringCompare(const string &a, const string &b, bool caseSensitive = true);
bool StringAdd(string &text, const string &added);
bool StringInit(string &text, int length = 0, ushort character = 0);
bool StringFill(string &text, ushort character);
int StringBufferLen(const string &text);
bool StringReserve(string &text, uint capacity);

inline double MathAbs(double v) { return std::fabs(v); }
inline double MathRound(double v) { return std::round(v); }
inline double MathFloor(double v) { return std::floor(v); }
inline double MathCeil(double v) { return std::ceil(v); }
inline double MathPow(double v, double e) { return std::pow(v, e); }
inline double MathSqrt(double v) { return std::sqrt(v); }
inline double MathLog(double v) { return std::log(v); }
inline double MathLog10(double v) { return std::log10(v); }
inline double MathExp(double v) { return std::exp(v); }
inline double MathMod(double a, double b) { return std::fmod(a, b); }
inline bool MathIsValidNumber(double v) { return std::isfinite(v); }
template <std::integral T> T MathAbs(T v) { return v < 0 ? static_cast<T>(-v) : v; }
template <typename T> T MathMax(T a, T b) { return a > b ? a : b; }
template <typename T> T MathMin(T a, T b) { return a < b ? a : b; }
template <typename A, typename B> auto MathMax(A a, B b) -> decltype(a + b) { return a > b ? a : b; }
template <typename A, typename B> auto MathMin(A a, B b) -> decltype(a + b) { return a < b ? a : b; }
