/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a policy's text and matching shared patterns; see policy.h. Pure:
 * no system call, no allocation, no state.
 */
#define _GNU_SOURCE
#include "policy/policy.h"

#include <stdint.h>
#include <string.h>

/* Whether TEXT is an absolute path of plain components: no //, no dots. */
static bool is_plain_path(const struct text *text)
{
	if (text->len < 2 || text->at[0] != '/')
		return false;
	for (size_t i = 0; i < text->len;) {
		size_t start = ++i;

		while (i < text->len && text->at[i] != '/')
			i++;
		size_t n = i - start;
		const char *c = text->at + start;

		if (n == 0 || (n == 1 && c[0] == '.') ||
		    (n == 2 && c[0] == '.' && c[1] == '.'))
			return false;
	}
	return true;
}

size_t policy_plain_path(const struct text *path, char *out, size_t size)
{
	size_t n = 0;

	if (path->len == 0 || path->at[0] != '/')
		return 0;
	for (size_t i = 0; i < path->len;) {
		size_t start;

		while (i < path->len && path->at[i] == '/')
			i++;
		start = i;
		while (i < path->len && path->at[i] != '/') {
			if ((unsigned char)path->at[i] < ' ')
				return 0;
			i++;
		}
		size_t len = i - start;

		if (len == 0 || (len == 1 && path->at[start] == '.'))
			continue;
		if (len == 2 && !memcmp(path->at + start, "..", 2))
			return 0;
		if (n + 1 + len >= size)
			return 0;
		out[n++] = '/';
		memcpy(out + n, path->at + start, len);
		n += len;
	}
	out[n] = '\0';
	return n;
}

/* "PREFIX\tVIEW" */
static int parse_guard(struct text value, struct policy *out)
{
	const char *tab = memchr(value.at, '\t', value.len), *slash;

	if (!tab || out->guards == POLICY_GUARDS)
		return -1;
	struct guard *g = &out->guard[out->guards];

	g->prefix = (struct text){ value.at, (size_t)(tab - value.at) };
	g->view = (struct text){ tab + 1, value.len - g->prefix.len - 1 };
	if (!is_plain_path(&g->prefix) || !is_plain_path(&g->view) ||
	    g->prefix.len > POLICY_ROOT_MAX)
		return -1;
	slash = text_last(value.at, '/', g->prefix.len);
	g->root = (struct text){ value.at, (size_t)(slash - value.at) };
	if (!g->root.len)
		return -1;
	out->guards++;
	return 0;
}

static int parse_share(struct text value, struct policy *out)
{
	if (out->shares == POLICY_SHARES || value.len == 0 || value.at[0] != '/')
		return -1;
	out->share[out->shares++] = value;
	return 0;
}

static int parse_alias(struct text value, struct policy *out)
{
	if (out->aliases == POLICY_ALIASES || !is_plain_path(&value))
		return -1;
	out->alias[out->aliases++] = value;
	return 0;
}

/* "UID\tPATH" */
static int parse_own(struct text value, struct policy *out)
{
	struct own *own = &out->own[out->owns];
	unsigned long uid = 0;
	size_t n = 0;

	if (out->owns == POLICY_OWNS)
		return -1;
	for (; n < value.len && value.at[n] >= '0' && value.at[n] <= '9' && n < 10; n++)
		uid = 10 * uid + (unsigned long)(value.at[n] - '0');
	if (!n || n == value.len || value.at[n] != '\t' || uid > UINT32_MAX)
		return -1;
	own->uid = (unsigned)uid;
	own->path = (struct text){ value.at + n + 1, value.len - n - 1 };
	if (!is_plain_path(&own->path) || own->path.len > POLICY_OWN_MAX)
		return -1;
	out->owns++;
	return 0;
}

/* Parses a setting that is a word or a size. */
static int parse_word_or_size(const struct setting_row *row, const struct text *value,
			      struct policy *out)
{
	void *member = (char *)out + row->policy;
	unsigned long long *size = member;
	unsigned *word = member;
	int n;

	if (row->kind == KIND_SIZE)
		return policy_size(value, size) ? 0 : -1;
	if (row->kind != KIND_WORD)
		return -1;
	n = policy_word(row->words, value->at, value->len);
	if (n < 0)
		return -1;
	*word = (unsigned)n;
	return 0;
}

static int parse_line(struct text key, struct text value, struct policy *out)
{
	if (text_is(&key, "guard"))
		return parse_guard(value, out);
	if (text_is(&key, "share"))
		return parse_share(value, out);
	if (text_is(&key, "alias"))
		return parse_alias(value, out);
	if (text_is(&key, "own"))
		return parse_own(value, out);
	for (int i = 0; i < SETTINGS; i++)
		if (text_is(&key, policy_settings[i].key))
			return parse_word_or_size(&policy_settings[i], &value, out);
	return -1;
}

int policy_parse(const char *text, size_t len, struct policy *out)
{
	memset(out, 0, sizeof *out); /* 0: the first word is the default */
	while (len) {
		const char *end = memchr(text, '\n', len);
		const char *space;

		if (!end)
			return -1;
		size_t n = (size_t)(end - text);

		space = memchr(text, ' ', n);
		if (!space)
			return -1;
		struct text key = { text, (size_t)(space - text) };
		struct text value = { space + 1, n - key.len - 1 };

		if (memchr(value.at, '\0', value.len) || parse_line(key, value, out) < 0)
			return -1;
		text = end + 1;
		len -= n + 1;
	}
	return 0;
}

/*
 * Matches one [...] set at P against C. Returns the position after the set,
 * or NULL where it is not closed; *HIT says whether C is in it.
 */
static const char *match_set(const char *p, const char *end, char c, bool *hit)
{
	bool negate = p < end && (*p == '!' || *p == '^');
	bool in = false;
	const char *first;

	if (negate)
		p++;
	first = p;
	while (p < end && (*p != ']' || p == first)) {
		unsigned char low = (unsigned char)*p, high = low;

		if (p + 2 < end && p[1] == '-' && p[2] != ']') {
			high = (unsigned char)p[2];
			p += 2;
		}
		if ((unsigned char)c >= low && (unsigned char)c <= high)
			in = true;
		p++;
	}
	if (p >= end)
		return NULL;
	*hit = in != negate;
	return p + 1;
}

/*
 * Matches one pattern element at P against *S (a character, not a slash).
 * Returns the position after the element when it matches, else NULL.
 */
static const char *match_one(const char *p, const char *end, char c)
{
	bool hit;

	if (c == '/')
		return *p == '/' ? p + 1 : NULL;
	if (*p == '?')
		return p + 1;
	if (*p == '[') {
		const char *after = match_set(p + 1, end, c, &hit);

		if (after)
			return hit ? after : NULL;
	}
	if (*p == '\\' && p + 1 < end)
		p++;
	return *p == c ? p + 1 : NULL;
}

/* Skips slashes and "/." in the path, as the kernel would. */
static const char *next_char(const char *s, const char *end)
{
	if (*s != '/')
		return s + 1;
	for (;;) {
		while (s < end && *s == '/')
			s++;
		if (s < end && *s == '.' && (s + 1 == end || s[1] == '/'))
			s++;
		else
			return s;
	}
}

/*
 * Backtracks to the latest star only, which is enough for a single star kind;
 * the latest ** is kept apart because it alone may cross a slash.
 */
bool policy_glob(const struct text *pattern, const char *path, size_t len)
{
	const char *p = pattern->at, *pend = p + pattern->len;
	const char *s = path, *send = s + len;
	const char *star = NULL, *star_s = NULL;
	const char *deep = NULL, *deep_s = NULL;

	while (pend > p + 1 && pend[-1] == '/')
		pend--;
	for (;;) {
		if (p == pend && (s == send || *s == '/'))
			return true; /* the path, or a directory above it */
		if (p < pend && *p == '*') {
			bool two = p + 1 < pend && p[1] == '*';

			while (p < pend && *p == '*')
				p++;
			if (two) {
				deep = p;
				deep_s = s;
				star = NULL;
			} else {
				star = p;
				star_s = s;
			}
			continue;
		}
		const char *after = NULL;

		if (p < pend && s < send)
			after = match_one(p, pend, *s);
		if (after) {
			p = after;
			s = next_char(s, send);
		} else if (star && star_s < send && *star_s != '/') {
			p = star;
			s = ++star_s;
		} else if (deep && deep_s < send) {
			star = NULL;
			p = deep;
			s = ++deep_s;
		} else {
			return false;
		}
	}
}

bool policy_shared(const struct policy *policy, const char *path, size_t len)
{
	for (unsigned i = 0; i < policy->shares; i++)
		if (policy_glob(&policy->share[i], path, len))
			return true;
	return false;
}
