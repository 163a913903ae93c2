/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp list: the sessions that are there. */
#include "json.h"
#include "policy_show.h"
#include "sessions.h"
#include "show.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* "3s", "12m", "5h", "9d" */
static void age_text(long long changed, char *out, size_t size)
{
	long age = (long)((long long)time(NULL) - changed);

	if (age < 0)
		age = 0;
	if (age < 2 * MINUTE)
		snprintf(out, size, "%lds", age);
	else if (age < 2 * HOUR)
		snprintf(out, size, "%ldm", age / MINUTE);
	else if (age < 2 * DAY)
		snprintf(out, size, "%ldh", age / HOUR);
	else
		snprintf(out, size, "%ldd", age / DAY);
}

static void size_text(unsigned long long bytes, char *out, size_t size)
{
	static const char units[] = "BKMGTPE";
	int unit = 0;

	while (bytes >= 10000 && units[unit + 1]) {
		bytes /= 1024;
		unit++;
	}
	snprintf(out, size, "%llu%c", bytes, units[unit]);
}

static unsigned count_members(const struct found *f)
{
	unsigned n = 0;

	for (const struct member *m = f->members; m; m = m->next)
		n++;
	return n;
}

/* Who is not the session's owner is named: that he keeps it alive may be a surprise. */
static void write_member(const struct found *f, const struct member *m)
{
	char user[64];

	printf("  %7ld ", (long)m->pid);
	if (m->uid != f->owner)
		printf("(%s) ", user_name(m->uid, user, sizeof user));
	show_put(stdout, m->command);
	putchar('\n');
}

static void write_text(const struct found *f)
{
	const struct usage usage = f->usage;
	char owner[64], age[32], size[32], files[32], members[32];
	char root[4 * POLICY_ROOT_MAX + 1];

	user_name(f->owner, owner, sizeof owner);
	age_text(f->changed, age, sizeof age);
	size_text(usage.bytes, size, sizeof size);
	snprintf(files, sizeof files, "%llu%s", usage.files, usage.partly ? "+" : "");
	snprintf(members, sizeof members, "%u", count_members(f));
	if (!f->lease) {
		strcpy(size, "-");
		strcpy(files, "-");
	}
	printf("%-36s %-10s %5s %-8s %7s %7s %7s\n",
	       show_text(f->root, root, sizeof root), owner, age, found_word(f->state),
	       members, files, size);
	for (const struct member *m = f->members; m; m = m->next)
		write_member(f, m);
}

static void write_json(const struct found *f)
{
	const struct usage usage = f->usage;
	char owner[64];

	user_name(f->owner, owner, sizeof owner);
	fputs("{\"root\": ", stdout);
	json_string(stdout, f->root);
	printf(", \"uid\": %lu, \"user\": ", (unsigned long)f->owner);
	json_string(stdout, owner);
	printf(", \"state\": \"%s\", \"changed\": %lld", found_word(f->state),
	       f->changed);
	if (f->lease)
		printf(", \"files\": %llu, \"bytes\": %llu, \"partly\": %s", usage.files,
		       usage.bytes, usage.partly ? "true" : "false");
	fputs(", \"guards\": ", stdout);
	policy_json_guards(stdout, f->lease ? &f->lease->policy : NULL);
	fputs(", \"members\": [", stdout);
	for (const struct member *m = f->members; m; m = m->next) {
		printf("%s{\"pid\": %ld, \"uid\": %lu, \"command\": ",
		       m == f->members ? "" : ", ", (long)m->pid, (unsigned long)m->uid);
		json_string(stdout, m->command);
		putchar('}');
	}
	fputs("]}", stdout);
}

/* A secondary root is told with its session, unless that is not there. */
static bool is_told_elsewhere(const struct sessions *s, const struct found *f)
{
	return f->state == FOUND_PART && sessions_at(s, f->primary, f->owner);
}

int tool_list(const struct options *options, int argc, char **argv)
{
	const struct query query = {
		&options->settings,
		.usage = true,
		.seconds = options->timeout,
	};
	struct sessions sessions;
	bool first = true;

	if (argc > 0) {
		options_complain(options->command, argv[0], "list takes no operand");
		return STATUS_USAGE;
	}
	sessions_find(&query, &sessions);
	if (options->json)
		fputs("{\"sessions\": [", stdout);
	for (size_t i = 0; i < sessions.n; i++) {
		const struct found *f = &sessions.at[i];

		if (is_told_elsewhere(&sessions, f))
			continue;
		if (options->json) {
			fputs(first ? "\n" : ",\n", stdout);
			write_json(f);
		} else {
			if (first)
				printf("%-36s %-10s %5s %-8s %7s %7s %7s\n", "SESSION",
				       "OWNER", "AGE", "STATE", "MEMBERS", "FILES",
				       "SIZE");
			write_text(f);
		}
		first = false;
	}
	if (options->json)
		puts(first ? "]}" : "\n]}");
	return options_written(sessions.cut ? 1 : 0);
}
