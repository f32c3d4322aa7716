#include "apps/bench_report.h"

#include <fmt/format.h>

#include "apps/layer_table.h"
#include "core/runtime/cpu.h"

namespace weir {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kGiga = 1e9;

double wait_share(const BenchReport& report) {
  return report.rate.data_wait_s / report.rate.seconds;
}

double peak_share(const BenchReport& report) {
  return report.flop_per_s() / report.ceilings.flop_per_s;
}

Json pass_json(const PassCost& pass, const Ceilings& ceilings) {
  const double flop_per_s = pass.seconds > 0 ? pass.flop / pass.seconds : 0;
  const double bytes_per_s = pass.seconds > 0 ? pass.bytes / pass.seconds : 0;
  return {{"seconds", pass.seconds},
          {"flop", pass.flop},
          {"flop_per_s", flop_per_s},
          {"peak_share", flop_per_s / ceilings.flop_per_s},
          {"bytes", pass.bytes},
          {"bytes_per_s", bytes_per_s},
          {"copy_share", bytes_per_s / ceilings.copy_bytes_per_s}};
}

void add_profile(Json& json, const StepProfile& profile, const Ceilings& ceilings) {
  Json layers = Json::array();
  for (const LayerCost& layer : profile.layers) {
    layers.push_back({{"name", layer.name},
                      {"kind", layer.kind},
                      {"kernel", layer.kernel},
                      {"forward", pass_json(layer.forward, ceilings)},
                      {"backward", pass_json(layer.backward, ceilings)}});
  }
  json["step_s"] = profile.step_s;
  json["rest_s"] = profile.rest_s;
  json["layers"] = std::move(layers);
}

}  // namespace

std::string bench_text(const BenchReport& report) {
  const RunInfo& info = report.info;
  const Ceilings& ceilings = report.ceilings;
  std::string text =
      fmt::format("{}  {} parameters  batches of {} ({})  {}  {} threads\n{} ({})\n\n", info.model,
                  fmt::group_digits(info.parameters), info.batch_size, info.dataset_id,
                  info.precision, info.threads, cpu_model(), isa());
  text += fmt::format("speed       {:.1f} img/s  ({} steps in {} slices, spread {:.1f}%)\n",
                      report.rate.median(), report.rate.steps, report.rate.slices.size(),
                      100 * report.rate.spread());
  text += fmt::format("arithmetic  {:.1f} GFLOP/s, {:.0f}% of the {:.0f} measured ({})\n",
                      report.flop_per_s() / kGiga, 100 * peak_share(report),
                      ceilings.flop_per_s / kGiga, ceilings.unit);
  text += fmt::format("copies      {:.1f} GB/s between arrays beyond the caches\n",
                      ceilings.copy_bytes_per_s / kGiga);
  text += fmt::format("memory      {:.0f} MB in tensors, {:.0f} MB for the process at most\n",
                      report.tensor_peak_mb, report.peak_rss_mb);
  text += fmt::format("data        {:.2f}% of the time waiting for pictures\n",
                      100 * wait_share(report));
  if (report.profile) text += "\n" + layer_table(*report.profile, ceilings);
  return text;
}

nlohmann::ordered_json bench_json(const BenchReport& report) {
  const RunInfo& info = report.info;
  Json json = {{"model", info.model},
               {"parameters", info.parameters},
               {"data", info.dataset_id},
               {"batch", info.batch_size},
               {"threads", info.threads},
               {"precision", info.precision},
               {"cpu", cpu_model()},
               {"isa", isa()},
               {"img_per_s", report.rate.median()},
               {"img_per_s_slices", report.rate.slices},
               {"spread", report.rate.spread()},
               {"steps", report.rate.steps},
               {"seconds", report.rate.seconds},
               {"flop_per_picture", report.flop_per_picture},
               {"flop_per_s", report.flop_per_s()},
               {"peak_unit", report.ceilings.unit},
               {"peak_flop_per_s", report.ceilings.flop_per_s},
               {"peak_share", peak_share(report)},
               {"copy_bytes_per_s", report.ceilings.copy_bytes_per_s},
               {"tensor_peak_mb", report.tensor_peak_mb},
               {"peak_rss_mb", report.peak_rss_mb},
               {"data_wait_share", wait_share(report)}};
  if (report.profile) add_profile(json, *report.profile, report.ceilings);
  return json;
}

}  // namespace weir
