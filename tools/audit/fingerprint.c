/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What identifies a finding in another run, and in another build. Line numbers and offsets
 * change with each edit, so they count only if there is nothing better.
 */
#include "finding.h"
#include "fingerprint.h"
#include "policy/text.h"

#include <stdio.h>
#include <string.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

/*
 * Whether a word looks random: it has six characters or more, and changes between small
 * letters, capitals and digits in the middle more often than words that people choose, as
 * in "ccAb3dEf".
 */
static bool is_drawn(const char *word, size_t len)
{
	unsigned changes = 0;

	for (size_t i = 1; i < len; i++) {
		bool digit = is_digit(word[i]), was = is_digit(word[i - 1]);
		bool capital = word[i] >= 'A' && word[i] <= 'Z';
		bool before = word[i - 1] >= 'A' && word[i - 1] <= 'Z';

		if (digit != was || (!digit && capital && !before))
			changes++;
	}
	return len >= 6 && changes > 1;
}

/* Python's tempfile: "tmp" and eight of a-z, 0-9 and _, which can look like a word. */
static bool is_python(const char *word, size_t len)
{
	if (len != 11 || strncmp(word, "tmp", 3) != 0)
		return false;
	for (size_t i = 3; i < len; i++)
		if (word[i] >= 'A' && word[i] <= 'Z')
			return false;
	return true;
}

/* mktemp(1): "tmp." and ten random characters. */
static bool is_mktemp(const char *path, const char *at, size_t len)
{
	return len == 10 && at - path >= 5 && !strncmp(at - 5, "/tmp.", 5);
}

/* Writes the word's shape to OUT: "*" if it is random, else with "#" for each number. */
static size_t word_shape(const char *path, const char *word, size_t len, char *out)
{
	size_t to = 0;

	if (is_drawn(word, len) || is_python(word, len) || is_mktemp(path, word, len)) {
		out[0] = '*';
		return 1;
	}
	for (size_t i = 0; i < len; i++)
		if (!is_digit(word[i]))
			out[to++] = word[i];
		else if (i == 0 || !is_digit(word[i - 1]))
			out[to++] = '#';
	return to;
}

void path_shape(const char *path, char *out, size_t size)
{
	const char *at = path;
	size_t to = 0;

	while (*at) {
		size_t len = 0;

		while (is_word(at[len]))
			len++;
		if (to + (len ? len : 1) >= size)
			break;
		if (len == 0)
			out[to++] = *at++;
		to += len ? word_shape(path, at, len, out + to) : 0;
		at += len;
	}
	out[to] = '\0';
}

/* FNV-1a: stable. It need not resist collisions: they only hide one's own findings. */
static void add(uint64_t *hash, const char *text)
{
	for (const char *at = text ? text : "";; at++) {
		*hash = (*hash ^ (unsigned char)*at) * 0x100000001b3u;
		if (!*at)
			return;
	}
}

void finding_fingerprint(const struct finding *finding, char out[17])
{
	const struct call_site *site = &finding->site;
	uint64_t hash = 0xcbf29ce484222325u;
	char shape[4096], offset[24] = "";

	path_shape(finding->path ? finding->path : "", shape, sizeof shape);
	if (!site->function && !site->script)
		snprintf(offset, sizeof offset, "%llx", (unsigned long long)site->offset);
	add(&hash, rules[finding->rule].name);
	add(&hash, shape);
	add(&hash, finding->call);
	add(&hash, site->module ? text_base(site->module) : NULL);
	add(&hash, site->function);
	add(&hash, offset);
	add(&hash, site->script ? text_base(site->script) : NULL);
	snprintf(out, 17, "%016llx", (unsigned long long)hash);
}
