// Operations that a provider has for some of its models alone: whom they may be asked of.
#pragma once

#include <string_view>

#include "engine/plugins/plugin_set.hpp"
#include "engine/surface/operation.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// Is `model`, or what an operator says that it is made of (`base`, may be empty), one of these?
/// Exceptions are about the model's own name, which may say how it is to be asked.
bool is_for(const ManifestModels& models, std::string_view model, std::string_view base = {});

/// May the deployment be asked the operation for `called`, a model that it serves?
bool may_ask(const Deployment& deployment, const Operation& operation, std::string_view called);

/// Takes from the deployment the operations that its provider has for other models than its own alone.
/// What it is made of, `base_model`, may stand in either place.
void limit_operations(const DeploymentConfig& entry, const ProviderRow& row,
                      Deployment& deployment);

}  // namespace patchbay
