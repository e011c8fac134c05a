// The names in LiteLLM's price map, as tables: a new price is a row here.
#pragma once

#include <array>
#include <string_view>

#include "engine/meter/dimensions.hpp"

namespace patchbay::meter {

struct RateField {
    std::string_view name;
    Dimension dimension;
};

// Without the suffixes of bounds and tiers, which every one of them may have.
inline constexpr auto kRateFields = std::to_array<RateField>({
    {"input_cost_per_token", Dimension::text_in},
    {"output_cost_per_token", Dimension::text_out},
    {"cache_read_input_token_cost", Dimension::cached_in},
    {"input_cost_per_token_cache_hit", Dimension::cached_in},
    {"explicit_cache_read_input_token_cost", Dimension::cached_explicit_in},
    {"cache_read_input_audio_token_cost", Dimension::cached_audio_in},
    {"cache_read_input_image_token_cost", Dimension::cached_image_in},
    {"cache_creation_input_token_cost", Dimension::write_5m},
    {"cache_creation_input_token_cost_above_1hr", Dimension::write_1h},
    {"cache_creation_input_token_cost_above_12hr", Dimension::write_12h},
    {"cache_creation_input_audio_token_cost", Dimension::write_audio},
    {"input_cost_per_audio_token", Dimension::audio_in},
    {"input_cost_per_image_token", Dimension::image_in},
    {"input_cost_per_video_token", Dimension::video_in},
    {"output_cost_per_audio_token", Dimension::audio_out},
    {"output_cost_per_image_token", Dimension::image_out},
    {"output_cost_per_video_token", Dimension::video_out},
    {"output_cost_per_reasoning_token", Dimension::reasoning_out},
    {"citation_cost_per_token", Dimension::citation},
    {"input_cost_per_image", Dimension::images_in},
    {"output_cost_per_image", Dimension::images_out},
    {"output_cost_per_image_512", Dimension::images_out_512},
    {"output_cost_per_image_0.5K", Dimension::images_out_half_k},
    {"output_cost_per_image_1024", Dimension::images_out_1024},
    {"output_cost_per_image_1K", Dimension::images_out_1k},
    {"output_cost_per_image_1536", Dimension::images_out_1536},
    {"output_cost_per_image_2K", Dimension::images_out_2k},
    {"output_cost_per_image_4K", Dimension::images_out_4k},
    {"input_cost_per_pixel", Dimension::pixels_in},
    {"output_cost_per_pixel", Dimension::pixels_out},
    {"input_cost_per_character", Dimension::chars_in},
    {"output_cost_per_character", Dimension::chars_out},
    {"input_cost_per_second", Dimension::ms_in},
    {"output_cost_per_second", Dimension::ms_out},
    {"output_cost_per_second_480p", Dimension::ms_out_480p},
    {"output_cost_per_second_720p", Dimension::ms_out_720p},
    {"output_cost_per_second_768p", Dimension::ms_out_768p},
    {"output_cost_per_second_1080p", Dimension::ms_out_1080p},
    {"output_cost_per_second_2k", Dimension::ms_out_2k},
    {"output_cost_per_second_4k", Dimension::ms_out_4k},
    {"input_cost_per_audio_per_second", Dimension::ms_audio_in},
    {"input_cost_per_video_per_second", Dimension::ms_video_in},
    {"input_cost_per_video_per_second_above_8s_interval", Dimension::ms_video_in_8s},
    {"input_cost_per_video_per_second_above_15s_interval", Dimension::ms_video_in_15s},
    {"output_cost_per_audio_per_second", Dimension::ms_audio_out},
    {"output_cost_per_video_per_second", Dimension::ms_video_out},
    {"input_cost_per_request", Dimension::requests},
    {"cost_per_request", Dimension::requests},
    {"input_cost_per_text_message", Dimension::messages},
    {"input_cost_per_query", Dimension::queries},
    {"google_maps_grounding_cost_per_query", Dimension::maps},
    {"file_search_cost_per_1k_calls", Dimension::file_search},
    {"code_interpreter_cost_per_session", Dimension::sessions},
    {"computer_use_input_cost_per_1k_tokens", Dimension::computer_in},
    {"computer_use_output_cost_per_1k_tokens", Dimension::computer_out},
    {"ocr_cost_per_page", Dimension::pages},
    {"annotation_cost_per_page", Dimension::pages_annotated},
    {"ocr_cost_per_credit", Dimension::credits},
    {"file_search_cost_per_gb_per_day", Dimension::file_gb_days},
    {"vector_store_cost_per_gb_per_day", Dimension::vector_gb_days},
    {"cost_per_second", Dimension::provisioned_ms},
    {"input_dbu_cost_per_token", Dimension::dbu_in},
    {"output_dbu_cost_per_token", Dimension::dbu_out},
});

// Members of `search_context_cost_per_query` and of `guardrail_cost_per_unit`.
inline constexpr auto kSearchFields = std::to_array<RateField>({
    {"search_context_size_low", Dimension::search_low},
    {"search_context_size_medium", Dimension::search_medium},
    {"search_context_size_high", Dimension::search_high},
});
inline constexpr auto kGuardFields = std::to_array<RateField>({
    {"automatedReasoningPolicyUnits", Dimension::guard_reasoning},
    {"contentPolicyImageUnits", Dimension::guard_image},
    {"contentPolicyUnits", Dimension::guard_content},
    {"contextualGroundingPolicyUnits", Dimension::guard_grounding},
    {"sensitiveInformationPolicyFreeUnits", Dimension::guard_sensitive_free},
    {"sensitiveInformationPolicyUnits", Dimension::guard_sensitive},
    {"topicPolicyUnits", Dimension::guard_topic},
    {"wordPolicyUnits", Dimension::guard_word},
});

// Members of `provider_specific_entry` that are no prices.
inline constexpr auto kProviderNotes = std::to_array<std::string_view>({
    "bedrock_invocation_schema",
    "realtime_ga_only",
    "transcription_json_or_text_only",
    "transcription_usage_duration",
    "dashscope_video_reference_input",
    "volcengine_video_frames",
    "minimax_free_input_images",
});

// They stand among the prices; docs/spend.md says why they have no effect.
inline constexpr auto kNoMoney = std::to_array<std::string_view>({
    "search_free_requests",
    "web_search_billing_unit",
});

inline constexpr auto kNoPrice = std::to_array<std::string_view>({
    "alias_of",
    "audio_transcription_config",
    "bedrock_converse_supports_strict_tools",
    "bedrock_output_config_effort_ceiling",
    "comment",
    "default_reasoning_effort",
    "deprecation_date",
    "deprecation_source",
    "gemini_audio_only_live",
    "gemini_native_audio",
    "litellm_provider",
    "max_audio_length_hours",
    "max_audio_per_prompt",
    "max_document_chunks_per_query",
    "max_images_per_prompt",
    "max_input_tokens",
    "max_output_tokens",
    "max_pdf_size_mb",
    "max_query_tokens",
    "max_tokens",
    "max_tokens_per_document_chunk",
    "max_video_length",
    "max_videos_per_prompt",
    "metadata",
    "mode",
    "output_vector_size",
    "prompt_cache_min_tokens",
    "reasoning_contexts",
    "reasoning_effort_levels",
    "reasoning_modes",
    "rpd",
    "rpm",
    "rules",
    "source",
    "successor_model",
    "supported_audio_formats",
    "supported_endpoints",
    "supported_modalities",
    "supported_openai_params",
    "supported_output_modalities",
    "supported_regions",
    "thinking_always_on",
    "thinking_on_by_default",
    "token_count_framing",
    "token_count_model",
    "token_count_responses_framing",
    "token_count_responses_tool_framing",
    "token_count_tokenizer",
    "token_count_tool_framing",
    "tpm",
    "use_openai_responses_path",
    "uses_embed_content",
    "vertex_ai_audio_api",
});

}  // namespace patchbay::meter
