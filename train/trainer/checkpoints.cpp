#include "train/trainer/checkpoints.h"

#include "core/base/error.h"
#include "train/checkpoint/named_tensors.h"

namespace weir {
namespace {

uint64_t bytes_of(const std::vector<NamedTensor>& tensors) {
  uint64_t bytes = 0;
  for (const NamedTensor& named : tensors) bytes += named.tensor.bytes();
  return bytes;
}

}  // namespace

Checkpoints::Checkpoints(const RunFolder& folder, const Session& session)
    : folder_(folder), card_(model_card(session)), origin_(state_origin(session)) {}

uint64_t Checkpoints::space_needed(Session& session) {
  TrainingState& state = session.state;
  const uint64_t network = bytes_of(network_tensors(*state.network));
  uint64_t one_state = 2 * network + bytes_of(state.optimizer->state());  // with the best weights
  if (state.ema) one_state += bytes_of(state.ema->state());
  uint64_t normalizer = 0;
  for (const auto& [name, tensor] : session.data.normalizer.tensors()) normalizer += tensor.bytes();
  constexpr uint64_t kTextFiles = 4 << 20;  // log, metrics, predictions, pictures
  const uint64_t weights_files = 2 * (network + normalizer);
  // Everything exists twice while it is replaced.
  return 2 * (one_state + weights_files) + kTextFiles;
}

void Checkpoints::save(Session& session, bool best) const {
  const Progress& progress = session.state.progress;
  try {
    if (best) write_best(session);
    write_present(session, "last");
    const int every = session.config.train.save_every;
    if (every > 0 && progress.batch == 0 && progress.epoch % every == 0) {
      write_present(session, fmt::format("epoch_{:04}", progress.epoch));
    }
    write_state(folder_.state(), session.state, origin_);
    folder_.write("metrics.csv", metrics_csv(progress.rows));
  } catch (const std::exception& error) {
    const std::string path = folder_.path().string();
    const bool resumable = std::filesystem::exists(folder_.state());
    fail(ErrorKind::kInternal, "epoch {} could not be saved: {}. {}", progress.epoch, error.what(),
         resumable ? fmt::format("The checkpoint before it is intact in {}: make room, then "
                                 "continue with train.resume={}",
                                 path, path)
                   : fmt::format("{} holds no checkpoint yet", path));
  }
}

void Checkpoints::rewrite_weights(Session& session) const {
  if (!session.state.best.empty()) write_best(session);
  write_present(session, "last");
}

void Checkpoints::write_best(Session& session) const {
  write_safetensors(folder_.weights("best"),
                    weights_content(card_, session.state.best, session.state.progress.best.epoch));
}

void Checkpoints::write_present(Session& session, const std::string& name) const {
  const AveragedWeights averaged(session.state.ema.get());
  write_safetensors(folder_.weights(name),
                    weights_content(card_, network_tensors(*session.state.network),
                                    session.state.progress.epoch));
}

}  // namespace weir
