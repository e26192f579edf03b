// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aula::app {

/// Plays the role that is asked for until it ends. Answers the exit code: 0, 1 when the role failed
/// or could not start, 2 when the command line cannot be read.
int run_command_line(int argc, const char* const* argv);

}  // namespace aula::app
