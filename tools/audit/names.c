/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What names are made from; see names.h. A name is split into runs of letters and digits.
 * If one run is random, the name cannot be known beforehand. Otherwise the result says what
 * the name was made from.
 */
#include "names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DRAWN = 6 /* random letters, too many to try all in time */ };

enum origin { CONSTANT, DRAWN_BY_LOT, PID, TIME, USER, PROGRAM, NUMBER };

static bool has_word(const struct name_sources *s, const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof s->texts / sizeof *s->texts; i++)
		if (s->texts[i] && memmem(s->texts[i], s->lengths[i], word, len))
			return true;
	return false;
}

static bool is_pid(const struct name_sources *s, unsigned long long number)
{
	for (size_t i = 0; i < s->n_pids; i++)
		if ((unsigned long long)s->pids[i] == number)
			return true;
	return false;
}

/* Whether the LEN digits are a moment within the run, in seconds or finer. */
static bool is_epoch(const struct name_sources *s, const char *digits, size_t len)
{
	char seconds[11] = "";
	long long value;

	if (len < 10)
		return false;
	memcpy(seconds, digits, 10);
	value = atoll(seconds);
	return value >= s->start - 2 && value <= s->end + 2;
}

/* Parts of "YYYYMMDDhhmmss" that names are made from. */
static const struct {
	unsigned char at, len;
} date_parts[] = { { 0, 8 }, { 2, 6 }, { 8, 6 }, { 8, 4 }, { 0, 4 } };

/* Whether the digits begin as MOMENT does; a short part has to be all of them. */
static bool begins_as(const struct tm *moment, const char *digits, size_t len)
{
	char text[32];

	strftime(text, sizeof text, "%Y%m%d%H%M%S", moment);
	for (size_t i = 0; i < sizeof date_parts / sizeof *date_parts; i++) {
		const size_t n = date_parts[i].len;

		if (n <= len && !memcmp(digits, text + date_parts[i].at, n) &&
		    (n >= 6 || n == len))
			return true;
	}
	return false;
}

/* Whether the digits begin as the date or the time of day of the run does. */
static bool is_date(const struct name_sources *s, const char *digits, size_t len)
{
	for (int64_t at = s->start - 1; at <= s->end + 1 && at < s->start + 3600; at++) {
		const time_t moment = (time_t)at;
		struct tm tm;

		if ((gmtime_r(&moment, &tm) && begins_as(&tm, digits, len)) ||
		    (localtime_r(&moment, &tm) && begins_as(&tm, digits, len)))
			return true;
	}
	return false;
}

static enum origin origin_of_digits(const struct name_sources *s, const char *run,
				    size_t len)
{
	char text[24] = "";
	unsigned long long number;

	if (is_epoch(s, run, len))
		return TIME;
	if (len < sizeof text) {
		memcpy(text, run, len);
		number = strtoull(text, NULL, 10);
		if (is_pid(s, number))
			return PID;
		if (s->uid && number == s->uid)
			return USER;
	}
	if (is_date(s, run, len))
		return TIME;
	if (has_word(s, run, len))
		return CONSTANT;
	/* Counters do not get that long. */
	return len >= 8 ? DRAWN_BY_LOT : NUMBER;
}

/* Whether letters look like a word: random ones have few vowels. */
static bool reads_as_word(const char *run, size_t len)
{
	size_t vowels = 0, consonants = 0, longest = 0;

	for (size_t i = 0; i < len; i++) {
		if (strchr("aeiouAEIOU", run[i])) {
			vowels++;
			consonants = 0;
		} else if (++consonants > longest) {
			longest = consonants;
		}
	}
	return vowels * 5 >= len && longest <= 4;
}

/* Whether letters and digits, DRAWN or more, look random. */
static bool looks_drawn(const char *run, size_t len)
{
	size_t digits = 0, upper = 0, lower = 0;

	for (size_t i = 0; i < len; i++) {
		digits += isdigit((unsigned char)run[i]) != 0;
		upper += isupper((unsigned char)run[i]) != 0;
		lower += islower((unsigned char)run[i]) != 0;
	}
	return (digits && upper + lower) || (upper > 1 && lower) ||
	       !reads_as_word(run, len);
}

/* A run with letters, and perhaps digits. */
static enum origin origin_of_word(const struct name_sources *s, const char *run,
				  size_t len)
{
	size_t digits = 0, tail = len;

	if (has_word(s, run, len))
		return CONSTANT;
	for (size_t i = 0; i < len; i++)
		digits += isdigit((unsigned char)run[i]) != 0;
	if (s->user && strlen(s->user) == len && !memcmp(run, s->user, len))
		return USER;
	if (s->program && strlen(s->program) == len && !memcmp(run, s->program, len))
		return PROGRAM;
	/* Words with a number behind: "job4711". */
	while (isdigit((unsigned char)run[tail - 1]))
		tail--;
	if (tail < len && tail + digits == len) {
		enum origin number = origin_of_digits(s, run + tail, len - tail);

		if (number == PID || number == TIME || number == USER)
			return number;
		/* One or two letters prove nothing: "l88022" can be random. */
		if (has_word(s, run, tail) && !(s->drawn && len >= s->drawn && tail < 3))
			return number;
	}
	/* "ccXXXXXX": a constant beginning, the rest random. */
	for (size_t n = len > DRAWN ? len - DRAWN : 0; n >= 2; n--)
		if (has_word(s, run, n) && looks_drawn(run + n, len - n))
			return DRAWN_BY_LOT;
	/* A run that is in no text was generated, whatever it looks like. */
	if (s->drawn && len >= s->drawn)
		return DRAWN_BY_LOT;
	if (len < DRAWN)
		return digits ? NUMBER : CONSTANT;
	return looks_drawn(run, len) ? DRAWN_BY_LOT : CONSTANT;
}

/*
 * Whether a run of letters, digits and "_" looks random: a part of it has letters and
 * digits, or letters of both cases, and is no known word.
 */
static bool drawn_with_lines(const struct name_sources *s, const char *run, size_t len)
{
	size_t letters = 0;
	bool mixed = false;

	for (size_t at = 0; at < len;) {
		size_t n = 0, digits = 0, upper = 0;

		for (; at + n < len && run[at + n] != '_'; n++) {
			digits += isdigit((unsigned char)run[at + n]) != 0;
			upper += isupper((unsigned char)run[at + n]) != 0;
		}
		letters += n;
		mixed |= n > 2 && ((digits && digits < n) || (upper && upper < n)) &&
			 !has_word(s, run + at, n);
		at += n + 1;
	}
	return mixed && letters >= DRAWN;
}

static bool has_user(const struct name_sources *s, const char *name)
{
	return s->user && strlen(s->user) > 2 && strstr(name, s->user);
}

static bool has_program(const struct name_sources *s, const char *name)
{
	return s->program && strlen(s->program) > 1 && strstr(name, s->program);
}

/* Whether one of the name's runs with "_" looks random. */
static bool has_lines(const struct name_sources *s, const char *name)
{
	while (*name) {
		size_t n = 0;
		bool line = false;

		for (; isalnum((unsigned char)name[n]) || name[n] == '_'; n++)
			line |= name[n] == '_';
		if (line && !has_word(s, name, n) &&
		    (drawn_with_lines(s, name, n) || (s->drawn && n >= s->drawn)))
			return true;
		name += n ? n : 1;
	}
	return false;
}

const char *name_weakness(const char *name, const struct name_sources *sources)
{
	bool seen[NUMBER + 1] = { false };
	const char *at = name;

	/* The program contains the whole name: "app-2.0.lock". */
	if (has_word(sources, name, strlen(name)))
		seen[CONSTANT] = true;
	else if (has_lines(sources, name))
		return NULL;
	else
		while (*at) {
			size_t n = 0, digits = 0;

			while (isalnum((unsigned char)at[n])) {
				digits += isdigit((unsigned char)at[n]) != 0;
				n++;
			}
			if (!n) {
				at++;
				continue;
			}
			seen[digits == n ? origin_of_digits(sources, at, n) :
					   origin_of_word(sources, at, n)] = true;
			at += n;
		}
	if (seen[DRAWN_BY_LOT])
		return NULL;
	if (seen[PID])
		return "it is made from the process's number";
	if (seen[TIME])
		return "it is made from the time";
	if (seen[USER] || has_user(sources, name))
		return "it is made from the user";
	if (seen[NUMBER])
		return "it is made from a number that can be guessed";
	if (seen[PROGRAM] || has_program(sources, name))
		return "it is the program's name, the same in each run";
	return "it is the same in each run";
}
