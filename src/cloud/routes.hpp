// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloud/answer.hpp"
#include "cloud/datacenter.hpp"

namespace aula::cloud {

/// Leads an authenticated call (owner, method, path, query and body are set) to its resource.
Answer route(Datacenter& datacenter, Call call);

}  // namespace aula::cloud
