#include "train/config/strict_yaml.h"

#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "train/config/text_check.h"

namespace weir {
namespace {

// Ends the walk through a document that is not worth reading on.
struct GiveUp {};

// Builds the tree from yaml-cpp's events, so that every rule is checked before memory is spent.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string source, bool with_lines, ProblemList& problems)
      : source_(std::move(source)), with_lines_(with_lines), problems_(problems) {}

  YamlNode take_root() { return std::move(root_); }
  Place place(const YAML::Mark& mark) const {
    if (!with_lines_ || mark.is_null()) return {source_, 0, 0};
    return {source_, mark.line + 1, mark.column + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    problems_.add(place(mark), "a second document starts here; a configuration is one document");
    throw GiveUp{};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(leaf(mark)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problems_.add(place(mark),
                  "aliases (*name) are not supported; write the value out, or share "
                  "it through `extends:`");
    add(leaf(mark));
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    problems_.add(place(mark),
                  "anchors (&{}) are not supported; write the value out, or share it "
                  "through `extends:`",
                  name);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    YamlNode node = leaf(mark);
    node.kind = YamlNode::Kind::kScalar;
    node.text = value;
    node.quoted = tag == "!";  // yaml-cpp's mark of a scalar that is not plain
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

 private:
  // A container that is being filled; in a map, keys and values come in turn.
  struct Open {
    YamlNode node;
    bool has_key = false;
    YamlEntry entry;
  };

  YamlNode leaf(const YAML::Mark& mark) const {
    YamlNode node;
    node.place = place(mark);
    return node;
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    problems_.add(place(mark), "tags ('{}') are not supported", tag);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    check_tag(mark, tag);
    if (static_cast<int>(open_.size()) == kMaxYamlDepth) {
      problems_.add(place(mark), "nested deeper than {} levels", kMaxYamlDepth);
      throw GiveUp{};
    }
    Open next;
    next.node = leaf(mark);
    next.node.kind = kind;
    open_.push_back(std::move(next));
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.is_list()) {
      open_.back().node.items.push_back(std::move(node));
    } else if (!open_.back().has_key) {
      start_entry(open_.back(), node);
    } else {
      finish_entry(open_.back(), std::move(node));
    }
  }

  void start_entry(Open& map, const YamlNode& key) {
    map.has_key = true;
    map.entry = {key.text, key.place, {}};
    if (!key.is_scalar()) {
      problems_.add(key.place, "expected a word as the key, found {}", key.found());
    } else if (key.text == "<<") {
      problems_.add(key.place, "the merge key '<<' is not supported; use `extends:`");
    }
  }

  void finish_entry(Open& map, YamlNode value) {
    map.has_key = false;
    // yaml-cpp places an empty value where the next token begins, which is lines away.
    if (value.is_null() && value.place.line > map.entry.key_place.line) {
      value.place = map.entry.key_place;
    }
    map.entry.value = std::move(value);
    if (const YamlEntry* first = map.node.find(map.entry.key)) {
      problems_.add(map.entry.key_place, "duplicate key '{}'; the first one is at {}",
                    map.entry.key, first->key_place.str());
      return;
    }
    map.node.entries.push_back(std::move(map.entry));
  }

  std::string source_;
  bool with_lines_;
  ProblemList& problems_;
  std::vector<Open> open_;
  YamlNode root_;
  int documents_ = 0;
};

YamlNode parse(std::string_view text, const std::string& source, bool with_lines,
               ProblemList& problems) {
  TreeBuilder builder(source, with_lines, problems);
  std::istringstream in{std::string(text)};
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) continue;
  } catch (const YAML::Exception& error) {
    problems.add(builder.place(error.mark), "not valid YAML: {}", error.msg);
    return {};
  } catch (const GiveUp&) {
    return {};
  }
  return builder.take_root();
}

}  // namespace

YamlNode parse_yaml(std::string_view text, const std::string& source, ProblemList& problems) {
  const size_t before = problems.size();
  if (text.size() > kMaxYamlBytes) {
    problems.add({source}, "{} bytes; a configuration may have {}", text.size(), kMaxYamlBytes);
  } else {
    check_text(text, source, problems);
  }
  // Past bytes that are no text, a parser would only add noise.
  if (problems.size() > before) return {};
  return parse(text, source, true, problems);
}

YamlNode parse_yaml_value(std::string_view text, const std::string& source, ProblemList& problems) {
  ProblemList found;
  check_text(text, source, found);
  if (!found.empty()) {
    problems.add({source}, "expected UTF-8 text without control characters or leading tabs");
    return {};
  }
  return parse(text, source, false, problems);
}

}  // namespace weir
