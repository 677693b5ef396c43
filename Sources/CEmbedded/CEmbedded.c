#include "CEmbedded.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char applications_file[] = {
#embed "../../grok-patterns/applications"
};
static const unsigned char core_file[] = {
#embed "../../grok-patterns/core"
};
static const unsigned char databases_file[] = {
#embed "../../grok-patterns/databases"
};
static const unsigned char httpd_file[] = {
#embed "../../grok-patterns/httpd"
};
static const unsigned char mail_file[] = {
#embed "../../grok-patterns/mail"
};
static const unsigned char mediawiki_file[] = {
#embed "../../grok-patterns/mediawiki"
};
static const unsigned char nginx_file[] = {
#embed "../../grok-patterns/nginx"
};
static const unsigned char php_file[] = {
#embed "../../grok-patterns/php"
};
static const unsigned char proxies_file[] = {
#embed "../../grok-patterns/proxies"
};
static const unsigned char syslog_file[] = {
#embed "../../grok-patterns/syslog"
};
static const unsigned char system_file[] = {
#embed "../../grok-patterns/system"
};
static const unsigned char time_file[] = {
#embed "../../grok-patterns/time"
};

const struct wplog_embedded_file wplog_patterns[] = {
    {"applications", applications_file, sizeof applications_file},
    {"core", core_file, sizeof core_file},
    {"databases", databases_file, sizeof databases_file},
    {"httpd", httpd_file, sizeof httpd_file},
    {"mail", mail_file, sizeof mail_file},
    {"mediawiki", mediawiki_file, sizeof mediawiki_file},
    {"nginx", nginx_file, sizeof nginx_file},
    {"php", php_file, sizeof php_file},
    {"proxies", proxies_file, sizeof proxies_file},
    {"syslog", syslog_file, sizeof syslog_file},
    {"system", system_file, sizeof system_file},
    {"time", time_file, sizeof time_file},
};
const size_t wplog_patterns_count = sizeof wplog_patterns / sizeof wplog_patterns[0];
