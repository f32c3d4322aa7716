// Explanations as files in a folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "explain/report/explained_picture.h"

namespace weir {

// What the lines of a figure and the columns of a table name.
struct ExplanationNames {
  std::string method;
  std::vector<std::string> classes;
};

struct WrittenExplanation {
  std::string figure, map;  // file names in the folder
};

struct WrittenExplanations {
  std::vector<WrittenExplanation> each;  // in the order of the explanations
  std::vector<std::string> sheets;       // contact sheets
  std::string table;
};

// For each explanation, with PICTURE the name of its file without folder and extension:
//   PICTURE-METHOD-CLASS.png   the figure (explain/pictures/figure.h)
//   PICTURE-METHOD-CLASS.csv   the map as the method gave it, a line for each row
//   PICTURE-METHOD-CLASS-pattern.csv   deconvnet: the channels one below the other
// and for all of them
//   sheet-METHOD.png, sheet-METHOD-2.png, ..   contact sheets; failures are marked
//   table-METHOD.csv   explanations_csv()
// Creates the folder. Pictures of the same name are numbered.
WrittenExplanations write_explanations(const std::filesystem::path& folder,
                                       const std::vector<ExplainedPicture>& explained,
                                       const ExplanationNames& names);

// picture, true (empty: not known), predicted, probability, class (that is explained),
// class_probability, lowest and highest (of the map), height, width (of the map), figure, map.
std::string explanations_csv(const std::vector<ExplainedPicture>& explained,
                             const ExplanationNames& names, const WrittenExplanations& files);

// The numbers with as many digits as a float needs to be read back.
std::string map_csv(const HeatMap& map);

// "cat 93.1%, true dog"
std::string prediction_text(const SeenPicture& seen, const std::vector<std::string>& classes);

}  // namespace weir
