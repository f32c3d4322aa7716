#include "models/list_downsample.h"

#include <algorithm>

#include "core/base/error.h"
#include "models/downsample.h"
#include "models/pool_spec.h"
#include "models/spec_reader.h"

namespace weir {
namespace {

bool is_one(const SpecValue& stride) {
  const auto one = [](const std::string& text) { return text == "1"; };
  return stride.is_list ? std::all_of(stride.items.begin(), stride.items.end(), one)
                        : one(stride.text);
}

bool downsamples(const LayerSpec& spec) {
  if (spec.kind != "max_pool2d" && spec.kind != "avg_pool2d") return false;
  const SpecValue* stride = stride_of(spec);
  return stride && !is_one(*stride);
}

// 3x3, as many channels as `before` gives.
LayerSpec like(const LayerSpec& before, const LayerSpec& pool) {
  LayerSpec conv = before;
  conv.repeat = 1;
  conv.name.clear();
  conv.place = pool.place;
  conv.args = {{"kernel_size", {.text = "3"}}, {"padding", {.text = "1"}}};
  if (const auto it = before.args.find("out_channels"); it != before.args.end()) {
    conv.args["out_channels"] = it->second;
  }
  return conv;
}

// Gives `stride` to the last convolution of the list's entry `at`, which may stand for several.
void make_strided(std::vector<LayerSpec>& list, size_t at, const SpecValue& stride) {
  LayerSpec last = list[at];
  if (last.repeat > 1) {
    --list[at].repeat;
    last.repeat = 1;
    last.name.clear();
    list.insert(list.begin() + static_cast<ptrdiff_t>(at) + 1, last);
    ++at;
  }
  list[at].args["stride"] = stride;
}

// The arguments of conv2d that make it begin as the average of the pooling's window.
void begin_as_average(LayerSpec& conv, const LayerSpec& pool) {
  for (const char* name : {"kernel_size", ""}) {
    if (const auto it = pool.args.find(name); it != pool.args.end()) {
      conv.args["average"] = it->second;
    }
  }
  if (const auto it = pool.args.find("padding"); it != pool.args.end()) {
    conv.args["average_padding"] = it->second;
  }
}

// Appends what replaces `pool` to `list`, whose last convolution is entry `conv`.
void replace(std::vector<LayerSpec>& list, size_t conv, const LayerSpec& pool,
             const DownsampleWord& how, bool average) {
  switch (how.form) {
    case Downsample::kPool:
      list.push_back(as_pool(pool, how.pool));
      break;
    case Downsample::kStrided:
      make_strided(list, conv, *stride_of(pool));
      break;
    case Downsample::kConvPool:
      list.push_back(like(list[conv], pool));
      list.push_back(as_pool(pool, how.pool));
      break;
    case Downsample::kAllConv:
      list.push_back(like(list[conv], pool));
      list.back().args["stride"] = *stride_of(pool);
      if (average) begin_as_average(list.back(), pool);
      break;
  }
}

// The last convolution since the previous downsampling.
size_t conv_before(const std::vector<LayerSpec>& list, size_t stage_begin, const LayerSpec& pool) {
  for (size_t i = list.size(); i-- > stage_begin;) {
    if (list[i].kind == "conv2d") return i;
  }
  fail(ErrorKind::kUsage, "{}",
       located(pool.place, pool.kind,
               "downsample needs a conv2d between this pooling and the one before it"));
}

}  // namespace

std::vector<LayerSpec> with_downsample(const std::vector<LayerSpec>& layers,
                                       const std::string& word, bool average) {
  if (word.empty()) return layers;
  const DownsampleWord& how = downsample_named(word);
  std::vector<LayerSpec> list;
  size_t stage_begin = 0;
  for (const LayerSpec& spec : layers) {
    if (!downsamples(spec)) {
      list.push_back(spec);
      continue;
    }
    replace(list, conv_before(list, stage_begin, spec), spec, how, average);
    stage_begin = list.size();
  }
  return list;
}

std::vector<LayerSpec> without_last_pool(std::vector<LayerSpec> layers) {
  const auto last = std::find_if(layers.rbegin(), layers.rend(), downsamples);
  require(
      last != layers.rend(),
      "last_pool: false leaves out the last max_pool2d or avg_pool2d of `layers:`, and there is "
      "none with a stride");
  layers.erase(std::next(last).base());
  return layers;
}

}  // namespace weir
