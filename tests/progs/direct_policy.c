/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is a policy's text and a line of the configuration, what a shared pattern matches, and
 * what settings can be composed (policy/policy.c, config_text.c, compose.c). See direct.h.
 */
#include "policy/policy.c"
#include "policy/config_text.c"
#include "policy/compose.c"

#include "direct.h"

static struct text text_of(const char *text)
{
	return (struct text){ text, strlen(text) };
}

/* -- The text -- */

static int parse(const char *text)
{
	struct policy policy;

	return policy_parse(text, strlen(text), &policy);
}

#define GUARD "guard /tmp/.r/s\t/tmp\n"

static void texts(void)
{
	static const char *const wrong[] = {
		"guard /tmp/.r/s\t/tmp", /* no end */
		"guard\n",
		"guard /tmp/.r/s /tmp\n", /* no tab */
		"guard tmp/.r/s\t/tmp\n",
		"guard /tmp/.r/s\ttmp\n",
		"guard /tmp/../s\t/tmp\n",
		"guard /tmp/./s\t/tmp\n",
		"guard /tmp//s\t/tmp\n",
		"guard /tmp/s/\t/tmp\n",
		"guard /tmp/.r/s\t/\n",
		"guard /s\t/tmp\n", /* no root */
		"share tmp/x\n",
		"share \n",
		"alias tmp\n",
		"own 0\n",
		"own /x\n",
		"own 0 /x\n",
		"own 4294967296\t/tmp/x\n",
		"own 12345678901\t/tmp/x\n",
		"own 0\ttmp/x\n",
		"scope forest\n",
		"scope \n",
		"size-limit much\n",
		"root /tmp\n", /* not a word */
		"frobnicate yes\n",
		GUARD "\n",
	};
	static const char whole[] = GUARD "guard /tmp/.r/s\t/var/tmp\nshare /tmp/x*\n"
					  "alias /usr/tmp\nown 1000\t/tmp/mine\n"
					  "scope process\nsize-limit 1G\nkeep always\n";
	char many[8192] = "", *at = many;
	struct policy policy;

	IS(parse(""), 0);
	IS(policy_parse(whole, sizeof whole - 1, &policy), 0);
	IS(policy.guards, 2);
	IS(policy.shares, 1);
	IS(policy.aliases, 1);
	IS(policy.owns, 1);
	IS(policy.own[0].uid, 1000);
	IS(policy.scope, SCOPE_PROCESS);
	IS(policy.size_limit, 1 << 30);
	IS(policy.guard[0].root.len, strlen("/tmp/.r"));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (parse(wrong[i]) != -1)
			direct_failed(wrong[i], (int)i, "parse", 0, -1);
	/* A byte within, and prefixes that are too long. */
	IS(policy_parse("share /a\0b\n", 11, &policy), -1);
	at += sprintf(many, "guard /");
	memset(at, 'x', POLICY_ROOT_MAX);
	strcpy(at + POLICY_ROOT_MAX, "/s\t/tmp\n");
	IS(parse(many), -1);
	at = many + sprintf(many, "own 0\t/");
	memset(at, 'x', POLICY_OWN_MAX);
	strcpy(at + POLICY_OWN_MAX, "\n");
	IS(parse(many), -1);
}

/* As many of each as there is room for, and one more. */
static void numbers(void)
{
	static const struct {
		const char *begin;
		int most;
	} of[] = {
		{ "guard /r/s\t", POLICY_GUARDS },
		{ "share ", POLICY_SHARES },
		{ "alias ", POLICY_ALIASES },
		{ "own 0\t", POLICY_OWNS },
	};
	char text[8192];

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		size_t len = 0;

		for (int n = 0; n <= of[i].most; n++) {
			IS(policy_parse(text, len, &(struct policy){ .guards = 0 }), 0);
			len += (size_t)sprintf(text + len, "%s/tmp/%d\n", of[i].begin, n);
		}
		IS(parse(text), -1);
	}
}

/* -- Patterns -- */

static void patterns(void)
{
	static const struct {
		const char *pattern, *path;
		bool matches;
	} of[] = {
		{ "/tmp/x", "/tmp/x", true },
		{ "/tmp/x", "/tmp/x/y", true },
		{ "/tmp/x//", "/tmp/x", true },
		{ "/tmp/x", "/tmp/xy", false },
		{ "/tmp/x", "//tmp/.//./x", true },
		{ "/tmp/x", "/tmp/x/.", true },
		{ "/tmp/x", "/tmp/.x", false },
		{ "/tmp/x*", "/tmp/xyz/a", true },
		{ "/tmp/x*z", "/tmp/xyzz", true },
		{ "/tmp/x*z", "/tmp/xy/z", false },
		{ "/tmp/**/z", "/tmp/a/b/z", true },
		{ "/tmp/**/z", "/tmp/a/b/y", false },
		{ "/tmp/**/a*z", "/tmp/b/ay/b/az", true },
		{ "/tmp/***", "/tmp/a/b", true },
		{ "/tmp/?", "/tmp/a", true },
		{ "/tmp/?", "/tmp/", false },
		{ "/tmp?x", "/tmp/x", false },
		{ "/tmp/[ab]", "/tmp/b", true },
		{ "/tmp/[ab]", "/tmp/c", false },
		{ "/tmp/[!ab]", "/tmp/c", true },
		{ "/tmp/[^ab]", "/tmp/a", false },
		{ "/tmp/[a-c]", "/tmp/b", true },
		{ "/tmp/[a-c]", "/tmp/d", false },
		{ "/tmp/[b-c]", "/tmp/a", false },
		{ "/tmp/[]]", "/tmp/]", true },
		{ "/tmp/[!]]", "/tmp/]", false },
		{ "/tmp/[a-]", "/tmp/-", true },
		{ "/tmp/[ab", "/tmp/[ab", true },
		{ "/tmp/[a-", "/tmp/[a-", true },
		{ "/tmp/[", "/tmp/[", true },
		{ "/tmp/[!", "/tmp/[!", true },
		{ "/tmp/[/]", "/tmp//", false },
		{ "/tmp/\\*", "/tmp/*", true },
		{ "/tmp/\\*", "/tmp/a", false },
		{ "/tmp/\\", "/tmp/\\", true },
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		const struct text pattern = text_of(of[i].pattern);
		const bool got = policy_glob(&pattern, of[i].path, strlen(of[i].path));

		if (got != of[i].matches)
			direct_failed(of[i].pattern, (int)i, of[i].path, got,
				      of[i].matches);
	}
}

static void plain_paths(void)
{
	static const struct {
		const char *path, *plain; /* NULL: none */
	} of[] = {
		{ "/tmp", "/tmp" },    { "//tmp//x/./y/", "/tmp/x/y" },
		{ "/", "" },	       { "/./", "" },
		{ "", NULL },	       { "tmp", NULL },
		{ "/tmp/..", NULL },   { "/tmp/...", "/tmp/..." },
		{ "/tmp/\n", NULL },   { "/tmp/.x", "/tmp/.x" },
		{ "/too/long", NULL },
	};
	char out[9];

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		const struct text path = text_of(of[i].path);
		const size_t len = policy_plain_path(&path, out, sizeof out);

		IS(len, of[i].plain ? strlen(of[i].plain) : 0);
		TRUE(!of[i].plain || !strcmp(out, of[i].plain));
	}
}

/* -- The configuration -- */

static void lines(void)
{
	static const struct {
		const char *line;
		enum config_kind kind;
		const char *what; /* CONFIG_WRONG: what is wrong */
	} of[] = {
		{ "", CONFIG_NOTHING, NULL },
		{ " \t ", CONFIG_NOTHING, NULL },
		{ "# guard", CONFIG_NOTHING, NULL },
		{ " ; guard", CONFIG_NOTHING, NULL },
		{ "guard = /srv/tmp", CONFIG_SETTING, NULL },
		{ "\tguard=/srv/tmp\t", CONFIG_SETTING, NULL },
		{ "guard =", CONFIG_SETTING, NULL },
		{ "share = /tmp/[a]*", CONFIG_SETTING, NULL },
		{ "share = /tmp/[]]", CONFIG_SETTING, NULL },
		{ "share = /tmp/[!]]", CONFIG_SETTING, NULL },
		{ "share = /tmp/\\[x", CONFIG_SETTING, NULL },
		{ "size-limit = 10M", CONFIG_SETTING, NULL },
		{ "size-limit =", CONFIG_SETTING, NULL },
		{ "scope = tree", CONFIG_SETTING, NULL },
		{ "[*]", CONFIG_SECTION, NULL },
		{ "[ /usr/bin/* ]", CONFIG_SECTION, NULL },
		{ "guard", CONFIG_WRONG, "neither a setting nor a section" },
		{ "guards = /x", CONFIG_WRONG, "unknown key" },
		{ "= /x", CONFIG_WRONG, "unknown key" },
		{ "guard = x", CONFIG_WRONG, "cannot be guarded or hold a root" },
		{ "guard = /", CONFIG_WRONG, "cannot be guarded or hold a root" },
		{ "guard = /a:/b", CONFIG_WRONG, "a colon" },
		{ "guard = /a\tb", CONFIG_WRONG, "a control character" },
		{ "share = /a\tb", CONFIG_WRONG, "a control character" },
		{ "guard = /a\r", CONFIG_WRONG, "a control character" },
		{ "guard = /a\x7f", CONFIG_WRONG, "a control character" },
		{ "share = tmp/x", CONFIG_WRONG, "not an absolute path" },
		{ "share = /tmp/[x", CONFIG_WRONG, "a set that does not end" },
		{ "share = /tmp/[!", CONFIG_WRONG, "a set that does not end" },
		{ "share = /tmp/[", CONFIG_WRONG, "a set that does not end" },
		{ "size-limit = big", CONFIG_WRONG, "not a size" },
		{ "scope =", CONFIG_WRONG, "unknown word" },
		{ "scope = forest", CONFIG_WRONG, "unknown word" },
		{ "[", CONFIG_WRONG, "a section that does not end with ]" },
		{ "[/usr/bin/x", CONFIG_WRONG, "a section that does not end with ]" },
		{ "[]", CONFIG_WRONG, "not an absolute path" },
		{ "[usr/bin/x]", CONFIG_WRONG, "not an absolute path" },
		{ "[/usr/bin/[x]", CONFIG_WRONG, "a set that does not end" },
	};
	char text[400] = "root = /";
	struct config_line line;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		config_parse(of[i].line, strlen(of[i].line), &line);
		if (line.kind != of[i].kind ||
		    (of[i].what && strcmp(line.what, of[i].what) != 0))
			direct_failed(of[i].line, (int)i, line.what ? line.what : "kind",
				      (long)line.kind, (long)of[i].kind);
	}
	memset(text + 8, 'x', POLICY_ROOT_MAX);
	config_parse(text, strlen(text), &line);
	IS(line.kind, CONFIG_WRONG);
	TRUE(!strcmp(line.what, "a path that is too long"));
}

/* -- Composing -- */

static int name_root(const char *dir, size_t len, char *out, size_t size)
{
	return snprintf(out, size, "%.*s/.privtmp-x/secret", (int)len, dir) < (int)size ?
		       0 :
		       -ENAMETOOLONG;
}

static char composed[POLICY_TEXT_MAX + 1];
static struct policy_error error;

/* What the settings give: whether it can be composed. */
static bool compose(const struct settings *settings, char *const *envp, size_t size)
{
	int len;

	error = (struct policy_error){ NULL, NULL, NULL };
	len = policy_compose(settings, envp, name_root, composed, size, &error);
	composed[len < 0 ? 0 : len] = '\0';
	IS(len < 0, error.what != NULL);
	return len >= 0 && parse(composed) == 0;
}

static bool has(const char *line)
{
	return strstr(composed, line) != NULL;
}

static void refusals(void)
{
	static const struct {
		struct settings settings;
		const char *what;
	} of[] = {
		{ { .scope = "forest" }, "PRIVTMP_SCOPE" },
		{ { .keep = "some" }, "PRIVTMP_KEEP" },
		{ { .size_limit = "much" }, "PRIVTMP_SIZE_LIMIT" },
		{ { .scope = "root" }, "PRIVTMP_SCOPE" },
		{ { .scope = "root", .root = "" }, "PRIVTMP_SCOPE" },
		{ { .scope = "process", .confine = "yes" }, "PRIVTMP_CONFINE" },
		{ { .guard = "relative" }, "PRIVTMP_GUARD" },
		{ { .guard = "/tmp/.." }, "PRIVTMP_GUARD" },
		{ { .guard = "/1:/2:/3:/4:/5:/6:/7:/8:/9:/a:/b:/c:/d:/e:/f:/g:/h:/i" },
		  "PRIVTMP_GUARD" },
		{ { .root = "relative" }, "PRIVTMP_ROOT" },
		{ { .share = "relative" }, "PRIVTMP_SHARE" },
		{ { .share = "/tmp/x:y" }, "PRIVTMP_SHARE" },
		{ { .share = "/tmp/\n" }, "PRIVTMP_SHARE" },
	};
	const struct settings plain = { .guard = NULL };

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		if (compose(&of[i].settings, NULL, sizeof composed - 1))
			direct_failed(of[i].what, (int)i, "compose", 1, 0);
		TRUE(error.what && !strcmp(error.what, of[i].what));
		TRUE(error.remedy && *error.remedy);
	}
	/* Without room for all of it there is nothing. */
	TRUE(compose(&plain, NULL, sizeof composed - 1));
	for (size_t size = strlen(composed); size > 0; size--)
		FALSE(compose(&plain, NULL, size));
}

static void guards(void)
{
	static char tmpdir[] = "TMPDIR=/srv/shared",
		    agent[] = "SSH_AUTH_SOCK=/tmp/a*g/[s]",
		    elsewhere[] = "XAUTHORITY=/home/x";
	char *envp[] = { tmpdir, agent, elsewhere, NULL };
	const struct settings none = { .guard = NULL };
	const struct settings empty = { .guard = ":/srv", .share = ":/srv/x" };
	const struct settings above = { .guard = "/var/tmp/x:/var:/tmp/y:/tmp" };

	TRUE(compose(&none, NULL, sizeof composed - 1));
	TRUE(has("\t/tmp\n") && has("\t/var/tmp\n") && has("share /tmp/.X11-unix\n"));
	/* An empty one drops the defaults; one above others takes them in. */
	TRUE(compose(&empty, NULL, sizeof composed - 1));
	TRUE(has("\t/srv\n") && !has("\t/tmp\n") && has("share /srv/x\n"));
	FALSE(has("X11"));
	TRUE(compose(&above, NULL, sizeof composed - 1));
	TRUE(has("\t/var\n") && !has("\t/var/tmp"));
	/* $TMPDIR, as far as others can write to it, and an agent's socket as it is named. */
	TRUE(compose(&none, envp, sizeof composed - 1));
	FALSE(has("/srv/shared"));
	TRUE(has("share /tmp/a\\*g/\\[s]\n"));
	FALSE(has("/home/x"));
	MUST(mount("srv", "/srv", "tmpfs", 0, "mode=755") == 0);
	make_file("/srv/shared", 0, 0777);
	TRUE(compose(&none, envp, sizeof composed - 1) && !has("/srv/shared"));
	MUST(unlink("/srv/shared") == 0);
	make_dir("/srv/shared", 0, 0755);
	TRUE(compose(&none, envp, sizeof composed - 1) && !has("/srv/shared"));
	make_dir("/srv/shared", 0, 01777);
	TRUE(compose(&none, envp, sizeof composed - 1) && has("\t/srv/shared\n"));
	MUST(umount2("/srv", MNT_DETACH) == 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "texts", texts },	  { "numbers", numbers },
		{ "patterns", patterns }, { "plain_paths", plain_paths },
		{ "lines", lines },	  { "refusals", refusals },
		{ "guards", guards },	  { NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
