// The chart that the EA stands on: its size and its objects, as a model that can be read and clicked.
#pragma once
#include "../Api/Structs.h"

#include <map>
#include <vector>

namespace mt {

struct ChartObject {
  string name;
  ENUM_OBJECT type = OBJ_LABEL;
  std::map<int, long> integers;
  std::map<int, double> doubles;
  std::map<int, string> strings;

  long Integer(ENUM_OBJECT_PROPERTY_INTEGER property) const;
  string Text(ENUM_OBJECT_PROPERTY_STRING property) const;
};

class Chart {
public:
  long id = 132'000'000'000'000'001;
  long width = 1200, height = 700;
  /// Lines that ChartSetInteger set; CHART_WIDTH_IN_PIXELS and so on are above.
  std::map<int, long> integers;
  /// In the order of creation.
  std::vector<ChartObject> objects;
  long redraws = 0;
  string comment;

  ChartObject *Find(const string &name);
  bool Create(const string &name, ENUM_OBJECT type);
  bool Delete(const string &name);
  /// One line of JSON for each object.
  std::string Dump() const;
};

} // namespace mt
