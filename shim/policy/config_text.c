/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line of a configuration file; see config_text.h. */
#include "policy/config_text.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct text trim(const char *at, size_t len)
{
	while (len && is_blank(*at)) {
		at++;
		len--;
	}
	while (len && is_blank(at[len - 1]))
		len--;
	return (struct text){ at, len };
}

static void wrong(struct config_line *out, const char *what, const char *remedy)
{
	out->kind = CONFIG_WRONG;
	out->what = what;
	out->remedy = remedy;
}

/* Whether each [...] in a pattern is closed: "[" alone is a plain character. */
static bool sets_end(const struct text *pattern)
{
	for (size_t i = 0; i < pattern->len; i++) {
		if (pattern->at[i] == '\\') {
			i++;
		} else if (pattern->at[i] == '[') {
			size_t first = i + 1;

			if (first < pattern->len && strchr("!^", pattern->at[first]))
				first++;
			for (i = first; i < pattern->len; i++)
				if (pattern->at[i] == ']' && i > first)
					break;
			if (i >= pattern->len)
				return false;
		}
	}
	return true;
}

static void parse_pattern(struct config_line *out)
{
	if (!out->value.len || out->value.at[0] != '/')
		wrong(out, "not an absolute path", "begin the pattern with /");
	else if (!sets_end(&out->value))
		wrong(out, "a set that does not end", "close it with ]");
}

static void parse_section(struct text line, struct config_line *out)
{
	out->kind = CONFIG_SECTION;
	if (line.at[line.len - 1] != ']') {
		wrong(out, "a section that does not end with ]",
		      "close it, with nothing behind it");
		return;
	}
	out->value = trim(line.at + 1, line.len - 2);
	/* "[*]": all programs, as at the beginning of a file. */
	if (out->value.len == 1 && out->value.at[0] == '*')
		return;
	parse_pattern(out);
}

static void check_value(struct config_line *out)
{
	const struct setting_row *row = &policy_settings[out->key];
	const struct text *value = &out->value;
	char room[POLICY_ROOT_MAX + 1];
	unsigned long long size;

	if (row->kind == KIND_WORD) {
		if (policy_word(row->words, value->at, value->len) < 0)
			wrong(out, "unknown word", setting_remedy(out->key));
		return;
	}
	/* An empty value drops what was said before. */
	if (!value->len)
		return;
	if (row->kind == KIND_SIZE) {
		if (!policy_size(value, &size))
			wrong(out, "not a size", setting_remedy(out->key));
		return;
	}
	if (memchr(value->at, '\t', value->len))
		wrong(out, "a control character", "remove it");
	else if (memchr(value->at, ':', value->len))
		wrong(out, "a colon", "give each path a line of its own");
	else if (row->kind == KIND_PATTERNS)
		parse_pattern(out);
	/* Used as it is, with its extra slashes. */
	else if (row->kind == KIND_DIR && value->len > POLICY_ROOT_MAX)
		wrong(out, "a path that is too long", setting_remedy(out->key));
	else if (!policy_plain_path(value, room, sizeof room - POLICY_NAME_ROOM))
		wrong(out, "cannot be guarded or hold a root", setting_remedy(out->key));
}

static void parse_key_and_value(struct text line, struct config_line *out)
{
	const char *equals = memchr(line.at, '=', line.len);
	struct text key;

	out->kind = CONFIG_SETTING;
	if (!equals) {
		wrong(out, "neither a setting nor a section",
		      "write KEY = VALUE or [PATTERN]");
		return;
	}
	key = trim(line.at, (size_t)(equals - line.at));
	out->value = trim(equals + 1, line.len - (size_t)(equals + 1 - line.at));
	for (int i = 0; i < SETTINGS; i++) {
		if (text_is(&key, policy_settings[i].key)) {
			out->key = (enum setting)i;
			check_value(out);
			return;
		}
	}
	wrong(out, "unknown key", settings_remedy());
}

void config_parse(const char *at, size_t len, struct config_line *out)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct text line = trim(at, len);

	*out = (struct config_line){ .kind = CONFIG_NOTHING };
	if (!line.len || line.at[0] == '#' || line.at[0] == ';')
		return;
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if ((c < ' ' && c != '\t') || c == 0x7f) {
			wrong(out, "a control character",
			      c == '\r' ? "end lines as Unix does" : "remove it");
			return;
		}
	}
	/* It is not seen in an editor. */
	if (line.len >= sizeof mark - 1 && !memcmp(line.at, mark, sizeof mark - 1))
		wrong(out, "a byte-order mark before it", "save the file without one");
	else if (line.at[0] == '[')
		parse_section(line, out);
	else
		parse_key_and_value(line, out);
}
