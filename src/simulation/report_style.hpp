// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aula::simulation {

/// The report's style sheet: the colours of web/src/shared/tokens.css.
extern const char* const report_style;

}  // namespace aula::simulation
