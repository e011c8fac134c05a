#include "prebuilt.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace patchbay::content_filter {

namespace {

// Numbers of documents follow their issuers' public formats; the topics are lists of words that
// name the topic in English. All repetitions are bounded: no match is longer than the filter's
// window.
constexpr auto kPrebuilt = std::to_array<Prebuilt>({
    // Contacts and identities.
    {"us_ssn", R"(\b\d{3}-\d{2}-\d{4}\b)"},
    {"us_ssn_no_dash", R"(\b\d{9}\b)"},
    {"email", R"(\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}\.[A-Za-z]{2,24}\b)"},
    {"us_phone", R"((?:\+1[ .-]?)?(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b)"},
    {"ipv4", R"(\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b)"},
    {"ipv6",
     R"(\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b|\b(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4}\b)"},
    {"url", R"(\bhttps?://[^\s<>"'`]{1,240})"},
    // Cards (ISO/IEC 7812).
    {"visa", R"(\b4\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b)", true},
    {"mastercard", R"(\b(?:5[1-5]\d{2}|2[2-7]\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b)", true},
    {"amex", R"(\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b)", true},
    {"discover", R"(\b6(?:011|5\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b)", true},
    {"credit_card", R"(\b\d(?:[ -]?\d){12,18}\b)", true},
    // Keys and tokens.
    {"aws_access_key", R"(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)"},
    {"aws_secret_key",
     R"((?i)aws_?secret_?(?:access_?)?key["' ]{0,3}[:=]["' ]{0,3}[A-Za-z0-9/+=]{40})"},
    {"github_token", R"(\b(?:gh[pousr]_[A-Za-z0-9]{36,200}|github_pat_[A-Za-z0-9_]{22,200})\b)"},
    {"slack_token", R"(\bxox[abprs]-[A-Za-z0-9-]{10,200}\b)"},
    {"generic_api_key",
     R"((?i)\b(?:api|secret|access)[_-]?(?:key|token)["' ]{0,3}[:=]["' ]{0,3}[A-Za-z0-9_\-]{20,128})"},
    // Passports.
    {"passport_us", R"(\b(?:[A-Z]\d{8}|\d{9})\b)"},
    {"passport_uk", R"(\b\d{9}\b)"},
    {"passport_germany", R"(\b[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}\b)"},
    {"passport_france", R"(\b\d{2}[A-Z]{2}\d{5}\b)"},
    {"passport_netherlands", R"(\b[A-Z]{2}[A-Z0-9]{6}\d\b)"},
    {"passport_canada", R"(\b[A-Z]{2}\d{6}\b)"},
    {"passport_india", R"(\b[A-PR-WY][1-9]\d{6}\b)"},
    {"passport_australia", R"(\b(?:[NEDFACUX]|P[ABCDEFUWXZ])\d{7}\b)"},
    {"passport_china", R"(\b(?:E[0-9A-HJ-NP-Z]\d{7}|G\d{8})\b)"},
    {"passport_japan", R"(\b[A-Z]{2}\d{7}\b)"},
    // Netherlands and Brazil.
    {"nl_bsn_contextual",
     R"((?i)\b(?:bsn|burgerservicenummer|sofinummer)[ :#=-]{0,4}\d{3}[ .]?\d{3}[ .]?\d{3}\b)"},
    {"br_cpf", R"(\b\d{3}\.\d{3}\.\d{3}-\d{2}\b)"},
    {"br_cpf_unformatted", R"(\b\d{11}\b)"},
    {"br_phone_landline", R"((?:\+55 ?)?\(?\b\d{2}\)? ?[2-5]\d{3}-?\d{4}\b)"},
    {"br_phone_mobile", R"((?:\+55 ?)?\(?\b\d{2}\)? ?9\d{4}-?\d{4}\b)"},
    {"br_cep", R"(\b\d{5}-\d{3}\b)"},
    {"br_cnpj", R"(\b\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}\b)"},
    {"br_rg", R"(\b\d{1,2}\.\d{3}\.\d{3}-[0-9Xx]\b)"},
    // Topics.
    {"gender_sexual_orientation",
     R"((?i)\b(?:gay|lesbian|bisexual|transgender|transsexual|queer|nonbinary|non-binary|homosexual|heterosexual|sexual orientation|gender identity)\b)"},
    {"race_ethnicity_national_origin",
     R"((?i)\b(?:race|ethnicity|ethnic background|national origin|country of origin|nationality|skin colou?r|mother tongue)\b)"},
    {"religion",
     R"((?i)\b(?:religion|religious|christian|catholic|protestant|muslim|islamic|jewish|hindu|buddhist|sikh|atheist)\b)"},
    {"age_discrimination",
     R"((?i)\b(?:too old|too young|overqualified|date of birth|year of birth|retirement age|digital native|age limit)\b)"},
    {"disability",
     R"((?i)\b(?:disability|disabled|handicapped|wheelchair|mental illness|impairment|special needs)\b)"},
    {"marital_family_status",
     R"((?i)\b(?:marital status|married|divorced|widowed|pregnant|pregnancy|maternity|number of children|family planning)\b)"},
    {"military_status",
     R"((?i)\b(?:veteran|military service|active duty|national guard|reservist|discharge status)\b)"},
    {"public_assistance",
     R"((?i)\b(?:public assistance|food stamps|welfare recipient|housing voucher|section 8|medicaid|unemployment benefits?)\b)"},
    {"weapons_firearms",
     R"((?i)\b(?:firearms?|handguns?|pistols?|revolvers?|rifles?|shotguns?|ammunition|silencers?|ghost guns?)\b)"},
    {"weapons_other",
     R"((?i)\b(?:machetes?|switchblades?|brass knuckles|crossbows?|tasers?|stun guns?|pepper spray)\b)"},
    {"explosives",
     R"((?i)\b(?:explosives?|pipe bombs?|bomb making|detonators?|dynamite|grenades?|molotov|nitroglycerin|c-4)\b)"},
    {"violence_threats",
     R"((?i)\b(?:kill you|hurt you|shoot you|stab you|beat you up|burn (?:it|your house) down|death threats?)\b)"},
    {"terrorism",
     R"((?i)\b(?:terrorism|terrorists?|jihadists?|suicide bomb(?:er|ing)s?|extremist attack|car bombs?)\b)"},
    {"self_harm_suicide",
     R"((?i)\b(?:suicide|suicidal|kill myself|end my life|self[- ]harm|cut myself|want to die)\b)"},
    {"illegal_activities",
     R"((?i)\b(?:money laundering|drug trafficking|counterfeit money|stolen credit cards?|identity theft|human trafficking)\b)"},
    {"harassment_hate",
     R"((?i)\b(?:hate speech|white supremacy|white supremacists?|ethnic cleansing|subhuman|racial slurs?|stalk(?:ing)? (?:her|him|you))\b)"},
});

}  // namespace

std::span<const Prebuilt> prebuilt() {
    return kPrebuilt;
}

const Prebuilt* find_prebuilt(std::string_view name) {
    const auto found = std::find_if(kPrebuilt.begin(), kPrebuilt.end(),
                                    [&](const Prebuilt& one) { return one.name == name; });
    return found == kPrebuilt.end() ? nullptr : &*found;
}

bool passes_luhn(std::string_view text) {
    int sum = 0;
    bool twice = false;
    for (auto c = text.rbegin(); c != text.rend(); ++c) {
        if (*c < '0' || *c > '9') continue;
        const int digit = (*c - '0') * (twice ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
        twice = !twice;
    }
    return sum % 10 == 0;
}

}  // namespace patchbay::content_filter
