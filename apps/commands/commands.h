// Every command of `weir`, in the order of its help.
#pragma once

#include "apps/command_tree.h"

namespace weir {

void add_train_command(CommandTree& tree);
void add_eval_command(CommandTree& tree);
void add_predict_command(CommandTree& tree);
void add_explain_command(CommandTree& tree);
void add_localize_command(CommandTree& tree);
void add_compare_command(CommandTree& tree);
void add_report_command(CommandTree& tree);
void add_diagnose_command(CommandTree& tree);
void add_summary_command(CommandTree& tree);
void add_bench_command(CommandTree& tree);
void add_data_commands(CommandTree& tree);
void add_data_file_commands(CommandTree& tree, Command& group);  // sheet, export, get
void add_config_commands(CommandTree& tree);
void add_pool_command(CommandTree& tree);
void add_conformance_command(CommandTree& tree);
void add_env_command(CommandTree& tree);
void add_completion_commands(CommandTree& tree);

}  // namespace weir
