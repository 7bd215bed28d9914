"""The words that the generated blogs are made of, and their taxonomy's names."""

CATEGORIES = (
    *("Databases", "Networks", "Compilers", "Kernels", "Browsers", "Typography", "Cooking"),
    *("Gardening", "Travel", "Music", "Reading", "Security", "Testing", "Editors", "Robots"),
    *("Maps", "Radio", "Bicycles", "Weather", "Teaching", "Games", "Photography", "Statistics"),
    *("开源", "前端", "后端", "算法", "人工智能", "嵌入式", "云计算", "数据分析", "随笔", "读书"),
    *("工具", "架构", "面试", "图形学", "操作系统", "项目管理", "摄影"),
)
"""Forty."""

TOPICS = (
    *("python", "sqlite", "linux", "rust", "http", "css", "git", "docker", "regex", "unicode"),
    *("bread", "trains", "数据库", "网络", "编译器", "缓存", "日志", "模型", "并发", "测试"),
)
ASPECTS = (
    *("basics", "internals", "tips", "history", "errors", "speed", "memory", "tools", "style"),
    *("入门", "原理", "优化", "实战", "笔记", "排错"),
)
TAGS = tuple(f"{topic}-{aspect}" for aspect in ASPECTS for topic in TOPICS)
"""Three hundred: every aspect of every topic."""

SUBJECTS = (
    *("the parser", "a careful reader", "our build", "the second attempt", "every index"),
    *("the old cache", "a single thread", "the night train", "one small table", "this recipe"),
    *("the scheduler", "a good default", "the log file", "her first draft", "the test suite"),
)
VERBS = (
    *("keeps", "forgets", "explains", "replaces", "measures", "repairs", "hides", "sorts"),
    *("outlives", "describes", "doubles", "follows", "rejects", "collects", "shortens"),
)
OBJECTS = (
    *("what the author meant", "the order of the rows", "a broken link", "the slowest query"),
    *("the whole afternoon", "every missing page", "the cost of a copy", "its own mistakes"),
    *("the shape of the data", "a list of promises", "the window seat", "half of the memory"),
)
ENDINGS = (
    *("when nobody is looking", "before the first request", "for reasons given below"),
    *("although it need not", "on a cold morning", "until the disk is full", "in most cases"),
    *("as the figures show", "without a lock", "and nobody minds", "more often than not"),
)

SUBJECTS_ZH = (
    *("这个解析器", "细心的读者", "我们的构建流程", "第二次尝试", "每一个索引", "旧的缓存"),
    *("单个线程", "夜间的列车", "一张小表", "这份配方", "调度程序", "合理的默认值", "日志文件"),
)
VERBS_ZH = (
    *("保留了", "忘记了", "解释了", "替换了", "测量出", "修复了", "隐藏着", "重新排列了"),
    *("悄悄改变了", "准确描述了", "成倍放大了", "始终跟随着", "缩短了"),
)
OBJECTS_ZH = (
    *("作者原本的意思", "数据行的顺序", "一个失效的链接", "最慢的那条查询", "整个下午的时间"),
    *("所有缺失的页面", "一次复制的代价", "自己犯过的错误", "数据的真实形状", "一半的内存占用"),
)
ENDINGS_ZH = (
    *("而且没有人注意到", "就在第一个请求到来之前", "原因将在下文说明", "尽管并不需要这样做"),
    *("直到磁盘被写满为止", "多数情况下都是如此", "正如图表所显示的那样", "并且不需要加锁"),
)

CODE = (
    "def take(rows, limit):\n    for row in rows[:limit]:\n        yield row.strip()",
    "SELECT name, count(*)\nFROM visits\nWHERE day > '2019-01-01' AND size < 4096\nGROUP BY name",
    'for file in *.txt; do\n  sort -u "$file" > "sorted-$file" && echo \'done\'\ndone',
    'int main(void) {\n  for (int i = 0; i < 10 && !done; i++)\n    puts("again");\n}',
    "const near = (a, b) => Math.abs(a - b) < 1e-9;\nconsole.log(near(0.1 + 0.2, 0.3));",
)
