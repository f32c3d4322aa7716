#include "train/trainer/run_files.h"

#include <nlohmann/json.hpp>

#include "core/base/names.h"
#include "train/config/emit.h"
#include "train/run/batch_picture.h"
#include "train/run/curves.h"
#include "train/run/environment.h"
#include "train/run/report.h"

namespace weir {
namespace {

constexpr const char* kSummaryFile = "summary.txt";
constexpr const char* kConfusionFile = "confusion.csv";
constexpr const char* kPredictionsFile = "predictions.csv";
constexpr const char* kCurvesFile = "images/curves.png";

void write_first_batch(const RunFolder& folder, const Session& session) {
  const std::unique_ptr<Loader> loader = training_loader(session.data, session.config);
  Batch batch;
  loader->start_epoch(0);
  loader->next(batch);
  folder.write("images/train_batch0.png", encode_png(picture_of_batch(batch.images)));
}

}  // namespace

void write_start_files(const RunFolder& folder, const Session& session,
                       const std::string& command) {
  constexpr int kIndent = 2;
  folder.write("config.yaml", to_yaml(session.config));
  folder.write("command.txt", command + "\n");
  if (session.start) {
    std::vector<std::string> lines = describe(*session.start);
    for (const std::string& words : session.start->warnings) lines.push_back("warning: " + words);
    folder.write("start.txt", join(lines, "\n") + "\n");
  }
  folder.write("env.json", describe_environment().dump(kIndent) + "\n");
  if (session.config.output.images) write_first_batch(folder, session);
}

void remove_final_files(const RunFolder& folder) {
  for (const char* file :
       {kResultFile, kSummaryFile, kConfusionFile, kPredictionsFile, kCurvesFile}) {
    folder.remove(file);
  }
}

void write_final_files(const RunFolder& folder, const Session& session, const TrainResult& result,
                       const Evaluation& test) {
  const std::vector<std::string>& classes = session.data.classes;
  folder.write(kSummaryFile, summary_text(session.info, result));
  if (result.test) {
    folder.write(kConfusionFile, test.confusion.csv(classes));
    folder.write(kPredictionsFile, predictions_csv(test.predictions, classes));
  }
  if (session.config.output.images) {
    folder.write(kCurvesFile, encode_png(draw_curves(session.info.name, result.rows)));
  }
  folder.write(kResultFile, result_json(session.info, result));
}

}  // namespace weir
