/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What "privtmp check" executes: a program of its own, since it needs libelf, which a
 * static privtmp cannot have everywhere, and since it reads what an enemy may have made.
 *
 *     checker FORMAT all|some SHIM OTHER FILE|DIR...
 *
 * SHIM is the shim, OTHER the one of the other word size or empty; with "some", files in
 * directories that are covered are only counted.
 */
#include "audit/report.h"
#include "binary/bar.h"
#include "binary/tell.h"
#include "binary/walk_files.h"
#include "core/report.h"
#include "less.h"
#include "remedy.h"
#include "show.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum format { TEXT, JSON, SARIF };

struct checking {
	enum format format;
	bool all;
	struct shim shim;
	struct files files;
	struct tally tally;
	struct report report; /* of SARIF */
};

static bool take_shim(struct shim *shim, const char *path, const char *other)
{
	snprintf(shim->path, sizeof shim->path, "%s", path);
	snprintf(shim->other, sizeof shim->other, "%s", other);
	return program_inspect(shim->path, &shim->program) == 0 && shim->program.known;
}

/* -- Findings for SARIF, which comes at the end: subjects stay for it -- */

static void add_findings(struct checking *c, struct subject *subject)
{
	struct report *r = &c->report;
	struct finding *list;

	for (size_t i = 0; i < subject->reasons.n; i++) {
		struct finding *finding = subject_find(subject, RULE_NOT_COVERED);

		if (finding)
			finding->message = subject->reasons.text[i];
	}
	if (!subject->n_findings)
		return;
	list = realloc(r->findings, (r->n_findings + subject->n_findings) * sizeof *list);
	if (!list)
		return;
	memcpy(list + r->n_findings, subject->findings,
	       subject->n_findings * sizeof *list);
	r->findings = list;
	r->n_findings += subject->n_findings;
}

/* -- One file after the other -- */

static void tell(struct checking *c, struct subject *subject, bool named)
{
	const bool first = c->tally.files + c->tally.wrong == 0;

	switch (c->format) {
	case JSON: tell_json(subject, first, stdout); break;
	case SARIF: add_findings(c, subject); break;
	default:
		if (!named && !c->all && subject->reach == REACH_ALL)
			return;
		bar_clear();
		if (c->all || (c->files.n == 1 && named))
			tell_full(subject, stdout);
		else
			tell_brief(subject, stdout);
	}
}

/* REMEDY: NULL, if none is known but by the errno. */
static void tell_wrong(struct checking *c, const char *path, const struct wrong *wrong,
		       const char *remedy)
{
	/* Without an errno, it could be read, and is no ELF file as the linker wants it. */
	if (!remedy)
		remedy = wrong->error ? remedy_of(wrong->error) :
					"install it again if it is used";
	bar_clear();
	if (c->format == JSON)
		tell_json_wrong(path, wrong, c->tally.files + c->tally.wrong == 0,
				stdout);
	show_report(path, wrong->what, wrong->error, remedy);
	c->tally.wrong++;
}

static void check(struct checking *c, const struct file *file)
{
	struct subject *subject;
	struct wrong wrong = { "cannot be read", file->error };

	if (file->error) {
		tell_wrong(c, file->path, &wrong, NULL);
		return;
	}
	switch (subject_read(&c->shim, file->path, true, &subject, &wrong)) {
	case SUBJECT_READ: break;
	case SUBJECT_WRONG: tell_wrong(c, file->path, &wrong, NULL); return;
	default:
		if (file->named) {
			wrong = (struct wrong){
				"neither a program, a library nor a script", 0
			};
			tell_wrong(c, file->path, &wrong,
				   "name one, or the directory they are in");
		}
		return;
	}
	tell(c, subject, file->named);
	c->tally.files++;
	c->tally.reached[subject->reach]++;
	c->tally.findings += subject->n_findings;
	if (c->format != SARIF)
		subject_free(subject);
}

static void finish(struct checking *c)
{
	bar_clear();
	switch (c->format) {
	case JSON: tell_json_end(&c->tally, stdout); break;
	case SARIF:
		clock_gettime(CLOCK_REALTIME, &c->report.end);
		report_sarif(&c->report, stdout);
		break;
	default:
		if (c->files.walked || c->files.n > 1)
			tell_tally(&c->tally, stdout);
	}
}

static bool take_arguments(struct checking *c, int argc, char **argv)
{
	if (argc < 6)
		return false;
	c->format = !strcmp(argv[1], "json")  ? JSON :
		    !strcmp(argv[1], "sarif") ? SARIF :
						TEXT;
	c->all = !strcmp(argv[2], "all");
	return take_shim(&c->shim, argv[3], argv[4]);
}

int main(int argc, char **argv)
{
	static struct checking c;

	if (!take_arguments(&c, argc, argv)) {
		report("checker", "is for privtmp check", 0, "run that");
		return STATUS_USAGE;
	}
	less_rights();
	c.report.command_line = "privtmp check";
	clock_gettime(CLOCK_REALTIME, &c.report.start);
	for (int i = 5; i < argc; i++) {
		int error = files_add(&c.files, argv[i]);

		if (error)
			tell_wrong(&c, argv[i],
				   &(struct wrong){ "cannot be read", error }, NULL);
	}
	for (size_t i = 0; i < c.files.n; i++) {
		bar_show(i, c.files.n, c.files.file[i].path);
		check(&c, &c.files.file[i]);
	}
	finish(&c);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		report("standard output", "cannot be written", errno, remedy_of(errno));
		return 1;
	}
	return c.tally.wrong || c.tally.reached[REACH_ALL] != c.tally.files;
}
