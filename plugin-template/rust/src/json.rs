//! The little JSON that a provider without a parser needs. Safe for any bytes: what is no JSON is `None`.

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }
    fn take(&mut self, wanted: u8) -> Option<()> {
        self.skip_space();
        (self.peek()? == wanted).then(|| self.at += 1)
    }
    /// The string here, with its quotes.
    fn string(&mut self) -> Option<&'a [u8]> {
        self.skip_space();
        let begin = self.at;
        self.take(b'"')?;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(&self.text[begin..self.at])
    }
    /// The value here: a string, brackets to their match, or what ends at a separator.
    fn value(&mut self) -> Option<&'a [u8]> {
        self.skip_space();
        let begin = self.at;
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string()?;
                    if depth == 0 {
                        break;
                    }
                    continue;
                }
                b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => break,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        break;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        (depth == 0 && self.at > begin).then(|| &self.text[begin..self.at])
    }
}

/// Raw text of the first member `name` (without escapes) of the object `json`.
pub fn member<'a>(json: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut cursor = Cursor { text: json, at: 0 };
    cursor.take(b'{')?;
    loop {
        let key = cursor.string()?;
        cursor.take(b':')?;
        let value = cursor.value()?;
        if &key[1..key.len() - 1] == name.as_bytes() {
            return Some(value);
        }
        cursor.take(b',')?;
    }
}

/// Decodes a JSON string, quotes included. Half a surrogate pair becomes U+FFFD.
pub fn string(raw: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(raw).ok()?;
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut result = String::new();
    while let Some(at) = rest.find('\\') {
        result.push_str(&rest[..at]);
        let name = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + name.len_utf8()..];
        match name {
            '"' | '\\' | '/' => result.push(name),
            'b' => result.push('\u{8}'),
            'f' => result.push('\u{c}'),
            'n' => result.push('\n'),
            'r' => result.push('\r'),
            't' => result.push('\t'),
            'u' => {
                let high = hex4(rest)?;
                rest = &rest[4..];
                let low = rest.strip_prefix("\\u").and_then(hex4).filter(|low| (0xDC00..0xE000).contains(low));
                match (high, low) {
                    (0xD800..=0xDBFF, Some(low)) => {
                        result.extend(char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)));
                        rest = &rest[6..];
                    }
                    _ => result.push(char::from_u32(high).unwrap_or('\u{FFFD}')),
                }
            }
            _ => return None,
        }
    }
    result.push_str(rest);
    Some(result)
}

fn hex4(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// `text` as a JSON string with its quotes.
pub fn quote(text: &str) -> String {
    let mut result = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => result.extend(['\\', c]),
            '\0'..='\u{1f}' => result.push_str(&format!("\\u{:04x}", c as u32)),
            _ => result.push(c),
        }
    }
    result.push('"');
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_members_by_name_and_depth() {
        let json = br#"{"a":{"b":"}\""},"b":[1,{"b":2}], "c" : "x\\" ,"d":1.5e3 }"#;
        assert_eq!(member(json, "b"), Some(&br#"[1,{"b":2}]"#[..]));
        assert_eq!(member(json, "c"), Some(&br#""x\\""#[..]));
        assert_eq!(member(json, "d"), Some(&b"1.5e3"[..]));
        assert_eq!(member(json, "e"), None);
    }

    #[test]
    fn every_cut_of_a_document_is_no_document_or_the_same() {
        let json = br#"{"a":{"b":"}\""},"b":"x"}"#;
        for end in 0..json.len() {
            assert!(matches!(member(&json[..end], "b"), None | Some(b"\"x\"")), "cut at {}", end);
        }
        for wrong in ["", "[", "{]", "{\"b\"}", "{\"b\":}", "}{", "{\"a\":]}"] {
            assert_eq!(member(wrong.as_bytes(), "b"), None, "{}", wrong);
        }
    }

    #[test]
    fn reads_and_writes_strings() {
        assert_eq!(string(br#""a\"\\\/\n\u00e9\ud83d\ude00""#).as_deref(), Some("a\"\\/\n\u{e9}\u{1F600}"));
        assert_eq!(string(br#""\ud83dx""#).as_deref(), Some("\u{FFFD}x"));
        assert_eq!(string(br#""\u12""#), None);
        assert_eq!(string(br#""\"#), None);
        assert_eq!(quote("a\"\\\n\u{e9}"), "\"a\\\"\\\\\\u000a\u{e9}\"");
    }
}
