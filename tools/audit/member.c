/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON objects; see member.h. */
#include "member.h"
#include "json.h"
#include "parts.h"

struct members members_begin(FILE *out)
{
	putc('{', out);
	return (struct members){ .out = out };
}

void members_end(struct members *m)
{
	putc('}', m->out);
}

void member_name(struct members *m, const char *name)
{
	if (m->some)
		fputs(", ", m->out);
	m->some = true;
	json_string(m->out, name);
	fputs(": ", m->out);
}

struct members member_object(struct members *m, const char *name)
{
	member_name(m, name);
	return members_begin(m->out);
}

void member_text(struct members *m, const char *name, const char *text)
{
	if (!text)
		return;
	member_name(m, name);
	json_string(m->out, text);
}

void member_number(struct members *m, const char *name, unsigned long long number)
{
	member_name(m, name);
	fprintf(m->out, "%llu", number);
}

void member_bool(struct members *m, const char *name, bool value)
{
	member_name(m, name);
	fputs(value ? "true" : "false", m->out);
}

void member_time(struct members *m, const char *name, struct timespec time)
{
	struct tm tm;
	char text[32];

	if (!time.tv_sec || !gmtime_r(&time.tv_sec, &tm))
		return;
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	member_name(m, name);
	fprintf(m->out, "\"%s.%06ldZ\"", text, time.tv_nsec / 1000);
}

void member_words(struct members *m, const char *name, const char *list)
{
	const char *before = "", *word = list;
	size_t len;

	member_name(m, name);
	putc('[', m->out);
	for (; (word = next_word(word, &len)); word += len) {
		fputs(before, m->out);
		json_bytes(m->out, word, len);
		before = ", ";
	}
	putc(']', m->out);
}
